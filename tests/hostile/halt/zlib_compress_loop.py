# what: compresses for ever
# expect: TIMEOUT
# batch: computing
import zlib

data = bytes(range(256)) * 4000
while True:
    zlib.compress(data, 9)
