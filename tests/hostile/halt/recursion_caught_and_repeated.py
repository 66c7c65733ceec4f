# what: RecursionError caught, again and again
# expect: TIMEOUT
def f():
    f()


while True:
    try:
        f()
    except RecursionError:
        pass
