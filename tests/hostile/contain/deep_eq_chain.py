# what: __eq__ through list comparisons, the recursion limit lifted
# expect: WORKER_CRASHED | EXECUTION_ERROR | MEMORY_LIMIT_EXCEEDED
import sys

sys.setrecursionlimit(10**8)


class E:
    def __eq__(self, other):
        return [E()] == [E()]


E() == 1
