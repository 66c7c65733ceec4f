# what: len of a hundred thousand proxies around a dict
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | MEMORY_LIMIT_EXCEEDED
import types

x = {}
for _ in range(500000):
    x = types.MappingProxyType(x)
len(x)
