# what: os.urandom of a thousand million bytes
# expect: MEMORY_LIMIT_EXCEEDED
import os

os.urandom(10**9)
