# what: displayhook, excepthook, unraisablehook and breakpointhook are replaced
# batch: stains
import sys


def stain_hook(*a):
    pass


sys.displayhook = sys.excepthook = sys.unraisablehook = sys.breakpointhook = stain_hook
# --- verify ---
import sys

hooks = (sys.displayhook, sys.excepthook, sys.unraisablehook, sys.breakpointhook)
not any(getattr(hook, "__name__", "") == "stain_hook" for hook in hooks)
