# what: SHA-256 chained
# expect: TIMEOUT
# batch: computing
import hashlib

x = b""
while True:
    x = hashlib.sha256(x).digest()
