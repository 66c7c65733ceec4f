# what: two functions, both catching
# expect: TIMEOUT
def a():
    try:
        b()
    except RecursionError:
        b()


def b():
    try:
        a()
    except RecursionError:
        a()


a()
