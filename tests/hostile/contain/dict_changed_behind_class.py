# what: the dict of a class is emptied behind its proxy while its methods run
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | RESULT_NOT_SERIALIZABLE | MEMORY_LIMIT_EXCEEDED
import gc


class C:
    def __init__(self):
        self.x = 1

    def f(self):
        gc.get_referents(C.__dict__)[0].clear()
        return self.f


for _ in range(1000):
    try:
        C().f()()
    except AttributeError:
        pass
kept = [bytes(100) for _ in range(10000)]
C().f
