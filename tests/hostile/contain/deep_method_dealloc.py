# what: bound methods of bound methods are dropped
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | MEMORY_LIMIT_EXCEEDED
import types

x = None
for _ in range(500000):
    x = types.MethodType(print, x or 1)
del x
