# what: one LZMA call at the slowest preset
# expect: TIMEOUT
# batch: computing
import lzma
import random

lzma.compress(random.randbytes(15000000), preset=6 | lzma.PRESET_EXTREME)
