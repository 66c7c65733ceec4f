# what: bytecode whose backward jump never looks for pending work
# expect: TIMEOUT
# batch: loops
import dis


def f():
    while True:
        pass


code = bytearray(f.__code__.co_code)
for i in dis.get_instructions(f):
    if i.opname == "JUMP_BACKWARD":
        code[i.offset] = dis.opmap["JUMP_BACKWARD_NO_INTERRUPT"]
        code[i.offset + 1] = (i.offset + 2 - i.argval) // 2
f.__code__ = f.__code__.replace(co_code=bytes(code))
f()
