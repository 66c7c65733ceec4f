# what: __len__ through bool in C, the recursion limit lifted
# expect: WORKER_CRASHED | EXECUTION_ERROR | MEMORY_LIMIT_EXCEEDED
import operator
import sys

sys.setrecursionlimit(10**8)


class B:
    def __bool__(self):
        return all([B()])


bool(B())
