# what: hash objects, whose state OpenSSL allocates, kept with a list that grows
# expect: MEMORY_LIMIT_EXCEEDED
import hashlib

kept = []
while True:
    kept.append((hashlib.sha256(b"x").digest(), hashlib.blake2b(bytes(128)), bytes(2000)))
