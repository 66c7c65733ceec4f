# what: weakref.finalize calls an endless function
# expect: TIMEOUT
import weakref


class C:
    pass


def spin():
    while True:
        pass


x = C()
weakref.finalize(x, spin)
del x
