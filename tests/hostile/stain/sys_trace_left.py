# what: a trace function is left
# batch: stains
import sys


def stain_trace(frame, event, arg):
    return None


sys.settrace(stain_trace)
# --- verify ---
import sys

getattr(sys.gettrace(), "__name__", "") != "stain_trace"
