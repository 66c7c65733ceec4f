# what: has every call traced
import sys

found = []


def tracer(frame, event, argument):
    found.append(frame.f_back)


sys.settrace(tracer)
(lambda: None)()
sys.settrace(None)
{"escaped": found[0].f_back.f_globals is not globals(), "proof": "f_globals"}
