# what: finally in finally in finally, the innermost endless
# expect: TIMEOUT
def f(n):
    try:
        raise ValueError(n)
    finally:
        if n:
            f(n - 1)
        while not n:
            pass


f(20)
