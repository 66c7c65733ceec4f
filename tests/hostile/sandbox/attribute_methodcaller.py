# what: takes an attribute with operator.methodcaller()
import json
import operator

scope = operator.methodcaller("__getattribute__", "__globals__")(json.dumps)
scope["codecs"].open(CANARY_PATH).read()
