# what: the callback of a weak reference never returns
# expect: TIMEOUT
import weakref


class C:
    pass


def spin(ref):
    while True:
        pass


x = C()
r = weakref.ref(x, spin)
del x
