# what: reads a bzip2 file
import bz2

bz2.open(CANARY_DIR + "/canary.bz2").read()
