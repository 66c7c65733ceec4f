# what: lists attributes with inspect
import inspect
import json

dict(inspect.getmembers(json.dumps))["__globals__"]["codecs"].open(CANARY_PATH).read()
