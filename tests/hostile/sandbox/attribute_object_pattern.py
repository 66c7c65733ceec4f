# what: takes an attribute with a pattern of object
import json

match json.dumps:
    case object(__globals__={"codecs": codecs}):
        found = codecs
found.open(CANARY_PATH).read()
