# what: the same bomb, MemoryError caught each time
# expect: MEMORY_LIMIT_EXCEEDED
import zlib

c = zlib.compressobj(1)
bomb = b"".join(c.compress(bytes(1000000)) for _ in range(100)) + c.flush()
while True:
    try:
        zlib.decompress(bomb)
    except MemoryError:
        pass
