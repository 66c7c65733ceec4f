# what: traces every opcode of a loop that catches all
# expect: TIMEOUT
# batch: hooks
import sys


def trace(frame, event, arg):
    frame.f_trace_opcodes = True
    return trace


def f():
    while True:
        try:
            pass
        except BaseException:
            pass


sys.settrace(trace)
f()
