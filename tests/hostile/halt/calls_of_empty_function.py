# what: nothing but calls
# expect: TIMEOUT
def f():
    pass


while True:
    f()
