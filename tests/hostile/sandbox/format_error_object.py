# what: has a format fail, and takes the object from the error
import json

try:
    "{0.__globals__[codecs].missing}".format(json.dumps)
except AttributeError as error:
    codecs = error.obj
codecs.open(CANARY_PATH).read()
