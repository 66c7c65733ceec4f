# what: has ctypes look for a library with the compiler and ldconfig
import ctypes.util

{"escaped": bool(ctypes.util.find_library("c")), "proof": "found"}
