# what: gc.garbage and gc.callbacks hold things of the guest's
# batch: stains
import gc


def stain_callback(phase, info):
    pass


gc.garbage.append("stained")
gc.callbacks.append(stain_callback)
# --- verify ---
import gc

"stained" not in gc.garbage and not any(getattr(c, "__name__", "") == "stain_callback" for c in gc.callbacks)
