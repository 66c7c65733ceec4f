# what: formats with a specification that is itself formatted
import json

text = "{1.__globals__[codecs]!r:>{0}}".format(5, json.dumps)
{"escaped": "module 'codecs'" in text, "proof": "module"}
