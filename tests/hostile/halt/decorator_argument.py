# what: the loop runs in the evaluation of a decorator
# expect: TIMEOUT
# batch: loops
def spin():
    while True:
        pass


@spin()
def f():
    pass
