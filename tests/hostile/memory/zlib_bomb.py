# what: half a megabyte that comes to a hundred
# expect: MEMORY_LIMIT_EXCEEDED
import zlib

c = zlib.compressobj(1)
bomb = b"".join(c.compress(bytes(1000000)) for _ in range(100)) + c.flush()
zlib.decompress(bomb)
