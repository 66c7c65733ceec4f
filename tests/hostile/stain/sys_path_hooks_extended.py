# what: a path hook is left
# batch: stains
import sys


def stain_hook(path):
    raise ImportError


sys.path_hooks.append(stain_hook)
# --- verify ---
import sys

not any(getattr(hook, "__name__", "") == "stain_hook" for hook in sys.path_hooks)
