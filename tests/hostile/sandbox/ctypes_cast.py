# what: casts a number to a pointer
import ctypes

ctypes.cast(CANARY_ADDRESS, ctypes.c_char_p).value
