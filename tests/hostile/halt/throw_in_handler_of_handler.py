# what: exceptions with long context chains, caught each time
# expect: TIMEOUT
def f(n):
    try:
        if n:
            f(n - 1)
        raise ValueError(n)
    except ValueError:
        raise KeyError(n)


while True:
    try:
        f(50)
    except BaseException as e:
        while e.__context__:
            e = e.__context__
