# what: two hundred kilobytes that come to two hundred megabytes
# expect: MEMORY_LIMIT_EXCEEDED
import zlib

c = zlib.compressobj(9)
bomb = b"".join(c.compress(bytes(1000000)) for _ in range(200)) + c.flush()
zlib.decompress(bomb)
