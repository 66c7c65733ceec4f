# what: takes an attribute with operator.attrgetter()
import json
import operator

operator.attrgetter("dumps.__globals__")(json)["codecs"].open(CANARY_PATH).read()
