# what: bytecode without a return runs on into whatever follows it
# expect: WORKER_CRASHED | EXECUTION_ERROR | TIMEOUT | SUCCESS | MEMORY_LIMIT_EXCEEDED
# stderr: any
import dis

op = dis.opmap


def broken():
    pass


code = bytes([op["RESUME"], 0] + [op["NOP"], 0] * 3)
broken.__code__ = broken.__code__.replace(co_code=code)
broken()
