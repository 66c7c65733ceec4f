# what: follows a path of attributes with functools.reduce()
import functools
import json

functools.reduce(getattr, ["dumps", "__globals__"], json)["codecs"].open(CANARY_PATH).read()
