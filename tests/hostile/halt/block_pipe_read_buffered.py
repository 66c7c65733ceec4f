# what: the buffered reader of a pipe, its lock held
# expect: TIMEOUT
import os

r, w = os.pipe()
with open(r, "rb") as f:
    f.read()
