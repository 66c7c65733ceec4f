# what: runs a command with the C library
import ctypes

ctypes.CDLL(None).system(b"echo >" + MARKER_PATH.encode())
