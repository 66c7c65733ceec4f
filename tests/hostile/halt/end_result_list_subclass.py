# what: the value is a list subclass with looping methods
# expect: TIMEOUT | SUCCESS | RESULT_NOT_SERIALIZABLE
def spin(*a, **k):
    while True:
        pass


class L(list):
    __iter__ = __len__ = __getitem__ = __repr__ = __reduce__ = __reduce_ex__ = __bool__ = spin


[L([1]), L()]
