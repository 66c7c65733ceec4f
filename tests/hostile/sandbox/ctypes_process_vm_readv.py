# what: reads the process's memory with a system call
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(CANARY_SIZE)
local = (ctypes.c_size_t * 2)(ctypes.addressof(buffer), CANARY_SIZE)
remote = (ctypes.c_size_t * 2)(CANARY_ADDRESS, CANARY_SIZE)
libc.process_vm_readv(os.getpid(), local, 1, remote, 1, 0)
buffer.raw
