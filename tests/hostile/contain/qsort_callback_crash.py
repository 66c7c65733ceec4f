# what: crashes in a comparison that libc calls
# expect: WORKER_CRASHED
try:
    import ctypes
except ImportError:  # a null read by broken bytecode instead
    import dis

    op = dis.opmap

    def broken():
        pass

    far = [op["EXTENDED_ARG"], 0x7F, op["EXTENDED_ARG"], 0xFF, op["EXTENDED_ARG"], 0xFF]
    code = bytes([op["RESUME"], 0, *far, op["LOAD_FAST"], 0xFF, op["RETURN_VALUE"], 0])
    broken.__code__ = broken.__code__.replace(co_code=code)
    broken()

libc = ctypes.CDLL(None)
compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(lambda a, b: ctypes.memset(1, 0, 1))
items = (ctypes.c_int * 10)(*range(10))
libc.qsort(items, 10, 4, compare)
