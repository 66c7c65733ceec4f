# what: overwrites a part of the heap that it lives in
# expect: WORKER_CRASHED | TIMEOUT | EXECUTION_ERROR | MEMORY_LIMIT_EXCEEDED
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

data = bytearray(1000)
start = id(data) & ~0xFFFF
ctypes.memset(start, 0xFF, 0x10000)
[object() for _ in range(10000)]
{}.x
