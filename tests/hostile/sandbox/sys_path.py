# what: finds the host's folders
# levels: STRICT
import sys

{"escaped": any(path.startswith("/") for path in sys.path), "proof": "path"}
