# what: __getattr__ through getattr, the recursion limit lifted
# expect: WORKER_CRASHED | EXECUTION_ERROR | MEMORY_LIMIT_EXCEEDED
import sys

sys.setrecursionlimit(10**8)


class G:
    def __getattr__(self, name):
        return getattr(self, name)


G().x
