# title: A decompression bomb
# kind: memory
# expect: MEMORY_LIMIT_EXCEEDED
# timeout: 8
import zlib

packer = zlib.compressobj(9)
bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(200)) + packer.flush()
len(zlib.decompress(bomb))
