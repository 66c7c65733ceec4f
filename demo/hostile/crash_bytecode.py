# title: Wants byte code that reads a constant far outside
# kind: crash
# expect: VALIDATION_ERROR
# timeout: 2
import opcode


def victim():
    return 1


extended, load, back = (opcode.opmap[name] for name in ("EXTENDED_ARG", "LOAD_CONST", "RETURN_VALUE"))
broken = bytes([extended, 0x7F, extended, 0xFF, extended, 0xFF, load, 0xF0, back, 0])
victim.__code__ = victim.__code__.replace(co_code=broken)
victim()
