# what: two locks on one file through two descriptions
# expect: TIMEOUT
import fcntl
import tempfile

f = tempfile.NamedTemporaryFile()
g = open(f.name)
fcntl.flock(f, fcntl.LOCK_EX)
fcntl.flock(g, fcntl.LOCK_EX)
