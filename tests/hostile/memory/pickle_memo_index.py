# what: a pickle that stores to memo index 2**28
# expect: MEMORY_LIMIT_EXCEEDED
import pickle

pickle.loads(b"\x80\x04Nr\x00\x00\x00\x20.")
