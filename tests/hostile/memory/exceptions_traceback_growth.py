# what: one exception raised again and again, whose traceback grows
# expect: MEMORY_LIMIT_EXCEEDED
e = ValueError()


def f():
    raise e


while True:
    try:
        f()
    except ValueError:
        pass
