# what: a ctypes callback that calls itself through C, the recursion limit lifted
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | RESULT_NOT_SERIALIZABLE | MEMORY_LIMIT_EXCEEDED
# stderr: any
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

import sys

sys.setrecursionlimit(10**8)
proto = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)


@proto
def f(n):
    return f(n + 1)


f(0)
