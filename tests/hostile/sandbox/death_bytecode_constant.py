# what: runs bytecode that loads a constant far outside
def f():
    return 1


code = f.__code__
extended = bytes([__import__("dis").opmap["EXTENDED_ARG"], 0x7F])
load = bytes([__import__("dis").opmap["LOAD_CONST"], 0])
end = bytes([__import__("dis").opmap["RETURN_VALUE"], 0])
f.__code__ = code.replace(co_code=extended * 3 + load + end)
f()
