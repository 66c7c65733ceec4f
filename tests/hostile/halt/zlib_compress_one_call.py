# what: one compress call over fifty million bytes
# expect: TIMEOUT
# batch: computing
import random
import zlib

data = random.randbytes(5000000) * 10
zlib.compress(data, 9)
