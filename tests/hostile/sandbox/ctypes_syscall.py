# what: makes a system call
import ctypes

libc = ctypes.CDLL(None)
buffer = ctypes.create_string_buffer(100)
libc.read(libc.syscall(257, -100, CANARY_PATH.encode(), 0), buffer, 100)
buffer.raw
