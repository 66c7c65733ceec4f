# what: has the C library raise a signal
import ctypes

ctypes.CDLL(None)["raise"](11)
