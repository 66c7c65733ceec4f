# what: a trace function that moves the line back each time
# expect: TIMEOUT
# batch: hooks
import sys


def f():
    x = 1
    x = 2
    x = 3


def trace(frame, event, arg):
    if event == "line" and frame.f_lineno == f.__code__.co_firstlineno + 3:
        frame.f_lineno -= 2
    return trace


sys.settrace(trace)
f()
