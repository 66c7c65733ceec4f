# what: unpickles a call of os.system()
import pickle

pickle.loads(b"cposix\nsystem\n(S'echo >" + MARKER_PATH.encode() + b"'\ntR.")
