# what: a value stack of one for a thousand values
# expect: WORKER_CRASHED | SUCCESS | EXECUTION_ERROR | TIMEOUT | MEMORY_LIMIT_EXCEEDED
import dis

op = dis.opmap


def broken():
    pass


code = bytes([op["RESUME"], 0] + [op["LOAD_CONST"], 0] * 100000 + [op["RETURN_VALUE"], 0])
broken.__code__ = broken.__code__.replace(co_code=code, co_stacksize=1)
broken()
