# what: the same bomb, MemoryError caught each time
# expect: MEMORY_LIMIT_EXCEEDED
import zlib

c = zlib.compressobj(9)
bomb = b"".join(c.compress(bytes(1000000)) for _ in range(200)) + c.flush()
while True:
    try:
        zlib.decompress(bomb)
    except MemoryError:
        pass
