# what: takes an attribute with the descriptor in its type's dictionary
import json

type(json.dumps).__dict__["__globals__"].__get__(json.dumps)["codecs"].open(CANARY_PATH).read()
