# what: sys.excepthook loops, should anybody call it
# expect: EXECUTION_ERROR | TIMEOUT
# batch: hooks
import sys


def spin(*a):
    while True:
        pass


sys.excepthook = spin
raise ValueError("for the hook")
