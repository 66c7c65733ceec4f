# what: has a template of formats choose the attribute
import json

attribute = "__glo" + "bals__"
text = ("{0." + attribute + "[codecs]}").format(json.dumps)
{"escaped": "module 'codecs'" in text, "proof": "module"}
