# what: unpickles a call by a name of Python 2
import pickle

pickle.loads(b"c__builtin__\nopen\n(V" + CANARY_PATH.encode() + b"\ntR.", fix_imports=True).read()
