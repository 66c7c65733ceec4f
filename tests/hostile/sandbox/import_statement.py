# what: imports the module below os
import posix

posix.read(posix.open(CANARY_PATH, 0), 100)
