# what: many modules in sys.modules
# expect: MEMORY_LIMIT_EXCEEDED
import sys
import types

n = 0
while True:
    n += 1
    m = types.ModuleType(f"module{n}")
    exec("def f(): return 1\nx = bytes(8000)", m.__dict__)
    sys.modules[m.__name__] = m
