# what: makes a function in a library's globals
import json
import types

f = types.FunctionType(compile("codecs.open(path).read()", "x", "eval"), {**json.dumps.__globals__, "path": CANARY_PATH})
f()
