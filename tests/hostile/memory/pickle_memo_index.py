# what: a pickle that stores to memo index 2**29, which newer versions keep in a dict
# expect: MEMORY_LIMIT_EXCEEDED | SUCCESS
import pickle

pickle.loads(b"\x80\x04Nr\x00\x00\x00\x20.")
