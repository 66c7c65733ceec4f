# what: deepcopy of a list a hundred thousand levels deep, the recursion limit lifted
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | RESULT_NOT_SERIALIZABLE | MEMORY_LIMIT_EXCEEDED
import copy
import sys

sys.setrecursionlimit(10**8)
x = []
for _ in range(20000):
    x = [x]
copy.deepcopy(x)
