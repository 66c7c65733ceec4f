# title: Recursion with the limit lifted
# kind: crash
# expect: MEMORY_LIMIT_EXCEEDED|WORKER_CRASHED|EXECUTION_ERROR|TIMEOUT
# timeout: 5
import sys

sys.setrecursionlimit(10**8)


class Deep:
    def __getattr__(self, name):
        return getattr(self, name + "x")

    def __eq__(self, other):
        return [self] == [other]


Deep() == Deep()
