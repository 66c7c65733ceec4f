# what: the hook for errors that cannot be raised never returns
# expect: TIMEOUT
import sys


class D:
    def __del__(self):
        1 / 0


def spin(info):
    while True:
        pass


sys.unraisablehook = spin
x = D()
del x
