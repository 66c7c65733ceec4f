# what: opens a FIFO that has no other end
# expect: TIMEOUT
import os
import tempfile

with tempfile.TemporaryDirectory() as d:
    path = os.path.join(d, "fifo")
    os.mkfifo(path)
    open(path)
