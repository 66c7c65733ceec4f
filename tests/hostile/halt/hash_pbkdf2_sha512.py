# what: the same with SHA-512 and a long key
# expect: TIMEOUT
# batch: computing
import hashlib

hashlib.pbkdf2_hmac("sha512", b"password" * 100, b"salt" * 100, 2**30, 64)
