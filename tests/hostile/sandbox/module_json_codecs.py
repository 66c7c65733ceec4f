# what: reaches codecs as json.codecs
import json

json.codecs.open(CANARY_PATH).read()
