# what: __call__ that is an instance of its own kind
# expect: WORKER_CRASHED | EXECUTION_ERROR
import sys

sys.setrecursionlimit(10**8)


class C:
    pass


C.__call__ = C()
C()()
