# what: destructors inside destructors, as deep as the stack
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | MEMORY_LIMIT_EXCEEDED
# stderr: any
import sys

sys.setrecursionlimit(10**8)


class D:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        if self.n:
            D(self.n - 1)


x = D(1000000)
del x
