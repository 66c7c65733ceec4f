# what: has the kernel copy a file into a pipe
import os

r, w = os.pipe()
os.splice(os.open(CANARY_PATH, os.O_RDONLY), w, 100)
os.read(r, 100)
