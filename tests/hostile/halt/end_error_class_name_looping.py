# what: the class of the exception has a metaclass that loops when its name is asked for
# expect: TIMEOUT | EXECUTION_ERROR
class M(type):
    def __getattribute__(cls, name):
        while True:
            pass

    def __instancecheck__(cls, x):
        while True:
            pass


class E(Exception, metaclass=M):
    pass


raise E("x")
