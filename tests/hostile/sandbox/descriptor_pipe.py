# what: makes a pipe
import os

r, w = os.pipe()
os.write(w, b"x")
{"escaped": os.read(r, 1) == b"x", "proof": "pipe"}
