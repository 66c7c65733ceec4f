# what: runs bytecode that loads a local variable far outside
import dis


def f():
    return 1


extended = bytes([dis.opmap["EXTENDED_ARG"], 0x0F])
load = bytes([dis.opmap["LOAD_FAST"], 0])
end = bytes([dis.opmap["RETURN_VALUE"], 0])
f.__code__ = f.__code__.replace(co_code=extended * 3 + load + end)
f()
