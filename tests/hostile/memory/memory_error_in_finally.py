# what: more is allocated in the finally clause of a failed allocation
# expect: MEMORY_LIMIT_EXCEEDED
kept = []


def f():
    try:
        while True:
            kept.append(bytearray(1 << 20))
    finally:
        while True:
            kept.append(bytearray(1 << 12))


f()
