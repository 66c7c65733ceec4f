# what: reads from a descriptor of the host's with os.pread()
import posix

posix.pread(CANARY_FD, 100, 0)
