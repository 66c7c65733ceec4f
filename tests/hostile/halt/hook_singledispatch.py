# what: singledispatch on a class whose __mro__ entries loop
# expect: TIMEOUT
# batch: hooks
import functools


class M(type):
    def __getattribute__(cls, name):
        while name == "__mro__":
            pass
        return type.__getattribute__(cls, name)


class C(metaclass=M):
    pass


@functools.singledispatch
def f(x):
    return x


f(C())
