# what: makes a temporary folder
import tempfile

{"escaped": bool(tempfile.mkdtemp()), "proof": "folder"}
