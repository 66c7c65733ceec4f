# what: the name of the value's class loops
# expect: TIMEOUT | RESULT_NOT_SERIALIZABLE
class M(type):
    @property
    def __name__(cls):
        while True:
            pass

    __module__ = __mro__ = __name__

    def __getattribute__(cls, name):
        while True:
            pass


class C(metaclass=M):
    pass


C()
