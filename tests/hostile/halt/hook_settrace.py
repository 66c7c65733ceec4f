# what: a trace function that never returns
# expect: TIMEOUT
# batch: hooks
import sys


def trace(frame, event, arg):
    while True:
        pass


def f():
    pass


sys.settrace(trace)
f()
