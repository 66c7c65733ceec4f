# what: finds the host's interpreter
# levels: STRICT
import sys

{"escaped": sys.executable.startswith("/"), "proof": "executable"}
