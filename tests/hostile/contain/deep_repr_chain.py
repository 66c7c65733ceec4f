# what: __repr__ through C and back, the recursion limit lifted
# expect: WORKER_CRASHED | EXECUTION_ERROR | MEMORY_LIMIT_EXCEEDED | TIMEOUT
# timeout: 2
import sys

sys.setrecursionlimit(10**8)


class R:
    def __repr__(self):
        return repr([self])


repr(R())
