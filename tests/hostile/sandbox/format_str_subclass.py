# what: calls str's method format on a text of its own
import json

text = str.format("{0.__globals__[codecs]}", json.dumps)
{"escaped": "module 'codecs'" in text, "proof": "module"}
