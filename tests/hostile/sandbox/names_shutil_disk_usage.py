# what: asks for the file system's size
import shutil

{"escaped": shutil.disk_usage(CANARY_DIR).total > 0, "proof": "total"}
