# what: a source nested to the compiler's limit, caught and repeated
# expect: TIMEOUT
src = "(" * 90 + "1" + ")" * 90
deep = "-" * 20000 + "1"
while True:
    compile(src, "f", "eval")
    try:
        compile(deep, "f", "eval")
    except (RecursionError, MemoryError):
        pass
