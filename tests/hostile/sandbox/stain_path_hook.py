# what: puts a hook before the path's
import sys


def hook(path):
    raise ImportError


hook.stained = True
sys.path_hooks.insert(0, hook)
None
# --- verify ---
import sys

not any(hasattr(hook, "stained") for hook in sys.path_hooks)
