# what: takes an attribute with functools.partial()
import functools
import json

functools.partial(getattr, json.dumps)("__globals__")["codecs"].open(CANARY_PATH).read()
