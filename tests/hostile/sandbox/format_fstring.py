# what: formats with an f-string
import json

text = f"{json.dumps.__globals__['codecs']}"
{"escaped": "module 'codecs'" in text, "proof": "module"}
