# what: OpenSSL's scrypt with a huge parallelism; guests have none
# expect: EXECUTION_ERROR
# batch: computing
import hashlib

hashlib.scrypt(b"password", salt=b"salt", n=1024, r=8, p=100000, maxmem=2**31 - 1)
