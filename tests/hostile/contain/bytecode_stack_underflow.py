# what: pops a thousand values that were never pushed
# expect: WORKER_CRASHED | TIMEOUT
import dis

op = dis.opmap


def broken():
    pass


code = bytes([op["RESUME"], 0] + [op["POP_TOP"], 0] * 1000 + [op["RETURN_VALUE"], 0])
broken.__code__ = broken.__code__.replace(co_code=code)
broken()
