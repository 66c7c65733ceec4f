# what: BLAKE2 of a large block, again and again
# expect: TIMEOUT
# batch: computing
import hashlib

data = bytes(30000000)
while True:
    hashlib.blake2b(data).digest()
