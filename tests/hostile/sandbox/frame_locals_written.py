# what: changes a local variable of a library's frame
import sys


class Spy:
    def __repr__(self):
        return repr(sorted(sys._getframe(1).f_locals))


import reprlib

{"escaped": "self" in reprlib.Repr().repr_instance(Spy(), 1), "proof": "locals"}
