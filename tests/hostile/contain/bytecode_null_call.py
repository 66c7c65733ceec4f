# what: calls what is not on the stack
# expect: WORKER_CRASHED | EXECUTION_ERROR
import dis

op = dis.opmap


def broken():
    pass


code = bytes([op["RESUME"], 0, op["PUSH_NULL"], 0, op["PUSH_NULL"], 0, op["CALL"], 0] + [0, 0] * 3 + [op["RETURN_VALUE"], 0])
broken.__code__ = broken.__code__.replace(co_code=code)
broken()
