# what: unpickles with the pure-Python class
import io
import pickle

pickle._Unpickler(io.BytesIO(b"cio\nopen\n(V" + CANARY_PATH.encode() + b"\ntR.")).load().read()
