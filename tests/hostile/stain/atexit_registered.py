# what: functions wait for the interpreter's end
# batch: stains
import atexit
import sys


def stain():
    sys.stain_ran = True


atexit.register(stain)
None
# --- verify ---
import atexit
import sys

atexit._run_exitfuncs()
not hasattr(sys, "stain_ran")
