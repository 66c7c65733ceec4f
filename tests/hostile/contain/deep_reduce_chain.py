# what: the C pickler inside __reduce__, the recursion limit lifted
# expect: WORKER_CRASHED | EXECUTION_ERROR | MEMORY_LIMIT_EXCEEDED
import pickle
import sys

sys.setrecursionlimit(10**8)


class P:
    def __reduce__(self):
        return str, (pickle.dumps(P()),)


pickle.dumps(P())
