# what: reads a file with an opener of its own
import posix

open("anything", opener=lambda name, flags: posix.open(CANARY_PATH, 0)).read()
