# what: an instruction for dicts finds an int
# expect: WORKER_CRASHED | EXECUTION_ERROR
import dis

op = dis.opmap


def broken():
    pass


code = bytes([op["RESUME"], 0, op["LOAD_CONST"], 0, op["LOAD_CONST"], 0, op["LOAD_CONST"], 0, op["DICT_MERGE"], 200, op["RETURN_VALUE"], 0])
broken.__code__ = broken.__code__.replace(co_code=code)
broken()
