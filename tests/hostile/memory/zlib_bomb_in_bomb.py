# what: a bomb within a bomb
# expect: MEMORY_LIMIT_EXCEEDED
import zlib

inner = zlib.compress(bytes(10000000), 1)
outer = zlib.compress(inner * 20, 1)
kept = []
rest = zlib.decompress(outer)
while rest:
    d = zlib.decompressobj()
    kept.append(d.decompress(rest))
    rest = d.unused_data
