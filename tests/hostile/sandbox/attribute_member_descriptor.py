# what: takes an attribute with its descriptor
import json
import types

types.FunctionType.__globals__.__get__(json.dumps)["codecs"].open(CANARY_PATH).read()
