# what: names an attribute in letters that normalise to its name
import json

json.dumps.__glob𝒂ls__["codecs"].open(CANARY_PATH).read()
