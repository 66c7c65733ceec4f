# what: a SyntaxError whose text and line number loop when read
# expect: TIMEOUT | EXECUTION_ERROR
class N(int):
    def __int__(self):
        while True:
            pass

    __index__ = __str__ = __repr__ = __format__ = __int__


class T(str):
    def __str__(self):
        while True:
            pass

    rstrip = lstrip = __len__ = __iter__ = __getitem__ = encode = __format__ = __str__


raise SyntaxError(T("bad"), (T("file"), N(1), N(1), T("text"), N(1), N(1)))
