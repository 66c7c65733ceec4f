# what: a global whose name is far beyond the table of names
# expect: WORKER_CRASHED
import dis

op = dis.opmap


def broken():
    pass


far = [op["EXTENDED_ARG"], 0x7F, op["EXTENDED_ARG"], 0xFF, op["EXTENDED_ARG"], 0xFF]
code = bytes([op["RESUME"], 0, *far, op["STORE_GLOBAL"], 0xFF, op["LOAD_CONST"], 0, op["RETURN_VALUE"], 0])
broken.__code__ = broken.__code__.replace(co_code=code)
broken()
