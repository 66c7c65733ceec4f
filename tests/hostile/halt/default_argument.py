# what: the loop runs in a default value
# expect: TIMEOUT
# batch: loops
def f(x=[0 for _ in iter(int, 1) if False]):
    pass
