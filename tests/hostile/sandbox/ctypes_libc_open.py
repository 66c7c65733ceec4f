# what: opens a file with the C library
import ctypes

libc = ctypes.CDLL(None)
buffer = ctypes.create_string_buffer(100)
libc.read(libc.open(CANARY_PATH.encode(), 0), buffer, 100)
buffer.raw
