# what: one bz2 call over many million bytes
# expect: TIMEOUT
# batch: computing
import bz2
import random

bz2.compress(random.randbytes(20000000) * 2, 9)
