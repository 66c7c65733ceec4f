# title: A key derived in a thousand million rounds inside OpenSSL
# kind: loop
# expect: TIMEOUT
# timeout: 0.25
import hashlib

hashlib.pbkdf2_hmac("sha256", b"password", b"salt", 1_000_000_000)
