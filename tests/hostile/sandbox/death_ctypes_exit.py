# what: calls the C library's exit
import ctypes

ctypes.CDLL(None)._exit(3)
