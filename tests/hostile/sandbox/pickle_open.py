# what: unpickles a call of open()
import pickle

pickle.loads(b"cio\nopen\n(V" + CANARY_PATH.encode() + b"\ntR.").read()
