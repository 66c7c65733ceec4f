# what: struct packs a large tuple for ever
# expect: TIMEOUT
# batch: computing
import struct

xs = tuple(range(100000))
s = struct.Struct(f"{len(xs)}q")
while True:
    s.unpack(s.pack(*xs))
