# what: takes the type of functions and code to build one
F = type(lambda: 0)
C = type((lambda: 0).__code__)
code = (lambda p: open(p).read()).__code__
F(C.replace(code, co_name="x"), {"__builtins__": __builtins__})(CANARY_PATH)
