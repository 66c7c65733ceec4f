# what: nothing but calls
# expect: TIMEOUT
# batch: loops
def f():
    pass


while True:
    f()
