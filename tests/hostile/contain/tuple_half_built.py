# what: the collector hands out a tuple that is not filled yet
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | RESULT_NOT_SERIALIZABLE | MEMORY_LIMIT_EXCEEDED
import gc


def g():
    marker = object()
    yield marker
    for t in gc.get_referrers(marker):
        if type(t) is tuple:
            hash(t)
            t == (marker,) * len(t)
            [repr(x) for x in t]
    while True:
        yield 1
        if not marker:
            break
        raise SystemError("nothing happened")


tuple(g())
