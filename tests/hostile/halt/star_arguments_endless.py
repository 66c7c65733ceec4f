# what: a call with endlessly many positional arguments
# expect: TIMEOUT | MEMORY_LIMIT_EXCEEDED
# batch: loops
def f(*a):
    pass


f(*iter(int, 1))
