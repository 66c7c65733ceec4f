# what: names an attribute with a letter of old print
import json

json.dumpſ.__globalſ__["codecs"].open(CANARY_PATH).read()
