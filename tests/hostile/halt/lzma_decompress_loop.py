# what: decompresses an LZMA bomb for ever
# expect: TIMEOUT
# batch: computing
import lzma

bomb = lzma.compress(bytes(1000000), preset=1)
while True:
    lzma.decompress(bomb)
