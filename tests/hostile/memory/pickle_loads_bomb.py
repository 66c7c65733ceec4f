# what: a pickle that says it holds a very long bytes object
# expect: EXECUTION_ERROR | MEMORY_LIMIT_EXCEEDED
import pickle
import struct

pickle.loads(b"\x80\x04\x8e" + struct.pack("<Q", 10**9) + b"x")
