# what: formats with string.Formatter
import json
import string

text = string.Formatter().format("{0.__globals__[codecs]}", json.dumps)
{"escaped": "module 'codecs'" in text, "proof": "module"}
