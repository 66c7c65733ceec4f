# what: weakref.finalize left for the interpreter's end
# expect: SUCCESS | TIMEOUT
import weakref


class C:
    pass


def spin():
    while True:
        pass


x = C()
weakref.finalize(x, spin)
1
