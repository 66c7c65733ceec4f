# what: writes into a mapped file
import mmap
import os

with mmap.mmap(os.open(VICTIM_PATH, os.O_RDWR), 6) as map:
    map[:6] = b"VICTIM"
    map.flush()
