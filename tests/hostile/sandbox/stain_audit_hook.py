# what: leaves an audit hook that refuses
import sys

sys.stain_refusing = True


def hook(event, args):
    if event == "import" and args[0] == "this_is_not_there" and getattr(sys, "stain_refusing", False):
        raise RuntimeError("stained")


sys.addaudithook(hook)
None
# --- verify ---
try:
    import this_is_not_there
except ModuleNotFoundError:
    clean = True
except RuntimeError:
    clean = False
clean
