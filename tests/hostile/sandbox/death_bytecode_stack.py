# what: runs bytecode that pops from an empty stack
import dis


def f():
    return 1


pop = bytes([dis.opmap["POP_TOP"], 0])
f.__code__ = f.__code__.replace(co_code=pop * 20_000)
f()
