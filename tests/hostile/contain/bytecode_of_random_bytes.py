# what: code objects of random bytes, run one after another
# expect: WORKER_CRASHED | TIMEOUT | EXECUTION_ERROR | MEMORY_LIMIT_EXCEEDED | SUCCESS
# timeout: 2
# stderr: any
import random

source = random.Random(20240229)


def broken(a=1, *b, **c):
    x = [a, b, c]
    return lambda: x


while True:
    code = bytearray(source.randbytes(40))
    try:
        broken.__code__ = broken.__code__.replace(co_code=bytes(code), co_exceptiontable=source.randbytes(8))
        broken()
    except BaseException:
        pass
