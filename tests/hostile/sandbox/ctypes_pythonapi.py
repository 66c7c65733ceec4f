# what: calls the interpreter's C interface
import ctypes

get = ctypes.pythonapi.PyImport_ImportModule
get.restype = ctypes.py_object
posix = get(b"posix")
posix.read(posix.open(CANARY_PATH, 0), 100)
