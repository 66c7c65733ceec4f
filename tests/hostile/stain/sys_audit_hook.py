# what: an audit hook, which can never be removed, objects to an event
# batch: stains
import sys


def hook(event, args):
    if event == "stain.check":
        raise RuntimeError("stained")


sys.addaudithook(hook)
# --- verify ---
import sys

sys.audit("stain.check")
True
