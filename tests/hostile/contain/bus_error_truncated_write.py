# what: writes to a mapping of a file that has been cut
# expect: WORKER_CRASHED
import mmap
import tempfile

with tempfile.TemporaryFile() as f:
    f.truncate(100000)
    m = mmap.mmap(f.fileno(), 100000)
    f.truncate(4096)
    m[90000] = 1
