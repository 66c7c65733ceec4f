# what: finds the host's installation
# levels: STRICT
import sys

{"escaped": sys.base_prefix.startswith("/"), "proof": "prefix"}
