# what: os.read of a pipe with its writing end open
# expect: TIMEOUT
import os

r, w = os.pipe()
os.read(r, 1)
