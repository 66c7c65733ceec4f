# what: OpenSSL derives a key in a thousand million rounds
# expect: TIMEOUT
# batch: computing
import hashlib

hashlib.pbkdf2_hmac("sha256", b"password", b"salt", 10**9)
