# what: zlib.crc32 and adler32 of a large block
# expect: TIMEOUT
# batch: computing
import zlib

data = bytes(50000000)
while True:
    zlib.adler32(data, zlib.crc32(data))
