# what: formats with % out of a function's globals
import json

text = "%(codecs)s" % json.dumps.__globals__
{"escaped": "module 'codecs'" in text, "proof": "module"}
