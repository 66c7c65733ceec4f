# what: takes an attribute with a class pattern
import json
import types

match json.dumps:
    case types.FunctionType(__globals__=scope):
        found = scope
found["codecs"].open(CANARY_PATH).read()
