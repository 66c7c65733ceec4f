# what: runs code that was unmarshalled
import marshal
import types

data = marshal.dumps(compile("open(CANARY_PATH).read()", "x", "eval"))
types.FunctionType(marshal.loads(data), {"CANARY_PATH": CANARY_PATH})()
