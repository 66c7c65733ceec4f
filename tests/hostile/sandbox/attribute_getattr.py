# what: takes an attribute with getattr()
import json

getattr(json.dumps, "__glob" + "als__")["codecs"].open(CANARY_PATH).read()
