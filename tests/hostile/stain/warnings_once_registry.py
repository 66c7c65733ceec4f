# what: warnings remembers what it has shown, and who shows
# batch: stains
import warnings


def stain_show(*a, **k):
    pass


warnings.onceregistry[("stain", UserWarning)] = 1
warnings.showwarning = stain_show
# --- verify ---
import warnings

("stain", UserWarning) not in warnings.onceregistry and warnings.showwarning.__name__ != "stain_show"
