# what: half a million partials that are not flattened, called
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | RESULT_NOT_SERIALIZABLE | MEMORY_LIMIT_EXCEEDED
import functools


class P(functools.partial):
    pass


x = int
for _ in range(300000):
    x = P(x)
    x.a = 1
x()
