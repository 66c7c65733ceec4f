# what: str, repr, format and the attributes of the exception all loop
# expect: TIMEOUT | EXECUTION_ERROR
def spin(*a, **k):
    while True:
        pass


class E(Exception):
    __str__ = __repr__ = __format__ = __getattribute__ = __hash__ = __eq__ = __reduce__ = spin


raise E
