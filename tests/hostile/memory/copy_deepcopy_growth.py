# what: deep copies of the copies
# expect: MEMORY_LIMIT_EXCEEDED
import copy

x = [[i] for i in range(1000)]
while True:
    x.append(copy.deepcopy(x))
