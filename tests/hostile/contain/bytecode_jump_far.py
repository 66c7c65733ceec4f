# what: jumps far beyond its end
# expect: WORKER_CRASHED
import dis

op = dis.opmap


def broken():
    pass


far = [op["EXTENDED_ARG"], 0x7F, op["EXTENDED_ARG"], 0xFF, op["EXTENDED_ARG"], 0xFF]
code = bytes([op["RESUME"], 0, *far, op["JUMP_FORWARD"], 0xFF, op["RETURN_VALUE"], 0])
broken.__code__ = broken.__code__.replace(co_code=code)
broken()
