# what: decompresses a bz2 bomb in pieces for ever
# expect: TIMEOUT
# batch: computing
import bz2

bomb = bz2.compress(bytes(1000000))
while True:
    d = bz2.BZ2Decompressor()
    while not d.eof:
        d.decompress(bomb if d.needs_input else b"", 65536)
