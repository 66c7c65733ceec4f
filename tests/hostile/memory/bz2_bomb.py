# what: a bz2 stream many times over
# expect: MEMORY_LIMIT_EXCEEDED
import bz2

bz2.decompress(bz2.compress(bytes(5000000)) * 200)
