# what: a bomb within a bomb
# expect: MEMORY_LIMIT_EXCEEDED
import zlib

inner = zlib.compress(bytes(20000000), 9)
outer = zlib.compress(inner * 100, 9)
kept = []
rest = zlib.decompress(outer)
while rest:
    d = zlib.decompressobj()
    kept.append(d.decompress(rest))
    rest = d.unused_data
