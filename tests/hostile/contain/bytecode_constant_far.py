# what: a constant far beyond the table of constants
# expect: WORKER_CRASHED
import dis

op = dis.opmap


def broken():
    pass


far = [op["EXTENDED_ARG"], 0x7F, op["EXTENDED_ARG"], 0xFF, op["EXTENDED_ARG"], 0xFF]
code = bytes([op["RESUME"], 0, *far, op["LOAD_CONST"], 0xFF, op["RETURN_VALUE"], 0])
broken.__code__ = broken.__code__.replace(co_code=code)
broken()
