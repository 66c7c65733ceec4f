# what: takes a descriptor out of the process with ctypes
import ctypes
import os

libc = ctypes.CDLL(None)
fd = libc.syscall(438, os.pidfd_open(os.getpid()), CANARY_FD, 0)
os.pread(fd, 100, 0)
