# what: the value is a dict subclass with looping methods
# expect: TIMEOUT | SUCCESS | RESULT_NOT_SERIALIZABLE
def spin(*a, **k):
    while True:
        pass


class D(dict):
    items = keys = values = get = copy = __iter__ = __len__ = __getitem__ = __repr__ = __contains__ = spin


D(a=1)
