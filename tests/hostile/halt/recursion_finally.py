# what: finally at every level calls on, a tree of 2**1000 calls
# expect: TIMEOUT
def f():
    try:
        f()
    finally:
        f()


f()
