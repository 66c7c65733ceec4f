# what: gives an object a type at address 16
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

class C:
    pass


x = C()
ctypes.c_void_p.from_address(id(x) + 8).value = 16
x.attribute
