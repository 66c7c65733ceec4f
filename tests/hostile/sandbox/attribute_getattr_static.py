# what: takes an attribute with inspect.getattr_static()
import inspect
import json

inspect.getattr_static(json.dumps, "__globals__").__get__(json.dumps)["codecs"].open(CANARY_PATH).read()
