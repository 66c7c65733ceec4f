# what: finds where a module came from
# levels: STRICT
import json

{"escaped": json.__file__.startswith("/"), "proof": "file"}
