# what: takes the globals of a class's initializer
import json

json.JSONDecoder.__init__.__globals__["scanner"].re.enum.bltns.open(CANARY_PATH).read()
