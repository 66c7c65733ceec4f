# what: cycles with the collector switched off
# expect: MEMORY_LIMIT_EXCEEDED
import gc

gc.disable()
while True:
    x = [bytes(1000)]
    x.append(x)
