# what: the finally clause is itself endless
# expect: TIMEOUT
try:
    1 / 0
finally:
    while True:
        pass
