# what: SHAKE asked for a hundred million bytes at a time
# expect: TIMEOUT | MEMORY_LIMIT_EXCEEDED | EXECUTION_ERROR
# batch: computing
import hashlib

while True:
    hashlib.shake_128(b"x").digest(100000000)
