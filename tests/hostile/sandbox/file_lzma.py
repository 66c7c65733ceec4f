# what: reads an xz file
import lzma

lzma.open(CANARY_DIR + "/canary.xz").read()
