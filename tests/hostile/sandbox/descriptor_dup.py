# what: copies a descriptor of the host's
import os

os.pread(os.dup(CANARY_FD), 100, 0)
