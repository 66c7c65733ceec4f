# what: has the C library call it back
import ctypes

found = []
compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(lambda a, b: found.append(a) or 0)
ctypes.CDLL(None).qsort((ctypes.c_int * 2)(2, 1), 2, 4, compare)
{"escaped": len(found) > 0, "proof": "called"}
