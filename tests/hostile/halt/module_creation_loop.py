# what: modules made, put into sys.modules and taken out
# expect: TIMEOUT
# batch: computing
import sys
import types

n = 0
while True:
    n += 1
    m = types.ModuleType(f"m{n}")
    sys.modules[m.__name__] = m
    exec("def f(): return 1", m.__dict__)
    del sys.modules[m.__name__]
