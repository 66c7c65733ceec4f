# what: runs broken bytecode that was unmarshalled
import dis
import marshal
import types


def f():
    return 1


extended = bytes([dis.opmap["EXTENDED_ARG"], 0x7F])
load = bytes([dis.opmap["LOAD_CONST"], 0])
code = f.__code__.replace(co_code=extended * 3 + load)
types.FunctionType(marshal.loads(marshal.dumps(code)), {})()
