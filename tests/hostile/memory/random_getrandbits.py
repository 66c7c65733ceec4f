# what: random.getrandbits and randbytes of huge sizes
# expect: MEMORY_LIMIT_EXCEEDED
import random

random.getrandbits(2**31 - 1)
