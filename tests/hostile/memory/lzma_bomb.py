# what: an LZMA stream many times over
# expect: MEMORY_LIMIT_EXCEEDED
import lzma

lzma.decompress(lzma.compress(bytes(5000000), preset=0) * 200)
