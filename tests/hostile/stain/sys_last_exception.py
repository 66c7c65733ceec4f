# what: an exception with its traceback and frames is stored in sys.last_exc
# batch: stains
import sys


def f():
    stain_local = [1]
    raise ValueError("stained")


try:
    f()
except ValueError as e:
    sys.last_exc = sys.last_value = e
    sys.last_type, sys.last_traceback = type(e), e.__traceback__
# --- verify ---
import sys

not hasattr(sys, "last_exc") and not hasattr(sys, "last_traceback")
