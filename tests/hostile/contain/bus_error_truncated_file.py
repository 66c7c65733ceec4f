# what: reads a mapping of a file that has been cut
# expect: WORKER_CRASHED
import mmap
import tempfile

with tempfile.TemporaryFile() as f:
    f.truncate(100000)
    f.flush()
    m = mmap.mmap(f.fileno(), 100000)
    f.truncate(0)
    m[50000]
