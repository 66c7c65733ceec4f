# what: reads a Zstandard file
# python: >=3.14
from compression import zstd

zstd.open(CANARY_DIR + "/canary.zst").read()
