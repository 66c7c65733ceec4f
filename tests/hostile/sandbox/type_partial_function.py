# what: takes the function inside a partial one
import functools
import json

functools.partial(json.dumps).func.__globals__["codecs"].open(CANARY_PATH).read()
