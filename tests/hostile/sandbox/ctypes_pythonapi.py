# what: calls the interpreter's C interface
import ctypes

get = ctypes.pythonapi.PySys_GetObject
get.restype = ctypes.py_object
get(b"modules")["posix"].read(get(b"modules")["posix"].open(CANARY_PATH, 0), 100)
