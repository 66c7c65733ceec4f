# what: os.write into a full pipe
# expect: TIMEOUT
import os

r, w = os.pipe()
while True:
    os.write(w, bytes(65536))
