# what: leaves a tracer
import sys


def tracer(frame, event, argument):
    return tracer


sys.settrace(tracer)
None
# --- verify ---
import sys

sys.gettrace() is None
