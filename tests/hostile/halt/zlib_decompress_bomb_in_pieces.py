# what: a bomb taken in pieces and started again
# expect: TIMEOUT
# batch: computing
import zlib

bomb = zlib.compress(bytes(10000000), 9)
while True:
    d = zlib.decompressobj()
    rest = bomb
    while rest:
        d.decompress(rest, 100000)
        rest = d.unconsumed_tail
