# what: scrypt asks OpenSSL for working memory beyond the limit
# expect: MEMORY_LIMIT_EXCEEDED | EXECUTION_ERROR | TIMEOUT | SUCCESS
# timeout: 1
import hashlib

hashlib.scrypt(b"p", salt=b"s", n=2**15, r=8, p=1, maxmem=2**27)
