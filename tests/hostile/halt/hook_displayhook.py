# what: sys.displayhook loops, called by exec of an interactive statement
# expect: TIMEOUT
# batch: hooks
import sys


def spin(x):
    while True:
        pass


sys.displayhook = spin
exec(compile("1", "f", "single"))
