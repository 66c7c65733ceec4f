# what: SHAKE's digest of a thousand million bytes
# expect: MEMORY_LIMIT_EXCEEDED | EXECUTION_ERROR
import hashlib

hashlib.shake_128(b"x").digest(10**9)
