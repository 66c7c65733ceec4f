# what: recursion through map in C, caught and repeated
# expect: TIMEOUT | EXECUTION_ERROR
def f(n):
    return list(map(f, [n + 1]))


while True:
    try:
        f(0)
    except RecursionError:
        pass
