# what: formats a function's globals out of a mapping
import json

text = "{f.__globals__[__builtins__]}".format_map({"f": json.dumps})
{"escaped": "built-in function open" in text, "proof": "builtins"}
