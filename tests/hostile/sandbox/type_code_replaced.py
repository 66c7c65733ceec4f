# what: gives a library's function other code
import json


def thief(*args, **kwargs):
    return codecs.open(args[0]).read()


json.dumps.__code__ = thief.__code__
json.dumps(CANARY_PATH)
