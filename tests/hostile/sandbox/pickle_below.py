# what: unpickles with the module below pickle
import _pickle

_pickle.loads(b"cio\nopen\n(V" + CANARY_PATH.encode() + b"\ntR.").read()
