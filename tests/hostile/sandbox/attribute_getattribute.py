# what: takes an attribute with object.__getattribute__()
import json

object.__getattribute__(json.dumps, "__globals__")["codecs"].open(CANARY_PATH).read()
