# what: the hooks of async generators and the tracking of coroutines are set
# batch: stains
import sys


def stain_hook(g):
    pass


sys.set_asyncgen_hooks(firstiter=stain_hook, finalizer=stain_hook)
sys.set_coroutine_origin_tracking_depth(7)
# --- verify ---
import sys

hooks = sys.get_asyncgen_hooks()
getattr(hooks.firstiter, "__name__", "") != "stain_hook" and sys.get_coroutine_origin_tracking_depth() != 7
