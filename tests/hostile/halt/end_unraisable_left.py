# what: a destructor that fails prints for ever through a hook, at the end
# expect: SUCCESS | TIMEOUT
import sys


class D:
    def __del__(self):
        1 / 0


def hook(info):
    while True:
        pass


sys.unraisablehook = hook
d = D()
1
