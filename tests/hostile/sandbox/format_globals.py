# what: formats a function's globals
import json

text = "{0.__globals__[__builtins__]}".format(json.dumps)
{"escaped": "built-in function open" in text, "proof": "builtins"}
