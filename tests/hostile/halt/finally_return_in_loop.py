# what: return in finally, called for ever
# expect: TIMEOUT
def f():
    try:
        raise SystemExit
    finally:
        return 1


while f():
    pass
