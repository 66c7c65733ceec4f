# what: takes attributes with map()
import json

list(map(getattr, [json.dumps], ["__globals__"]))[0]["codecs"].open(CANARY_PATH).read()
