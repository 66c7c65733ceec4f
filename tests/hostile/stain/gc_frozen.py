# what: cycles are frozen into the permanent generation
# batch: stains
import gc


class StainFrozen:
    def __init__(self):
        self.me = self


StainFrozen()
gc.freeze()
del StainFrozen
gc.collect()
# --- verify ---
not any(c.__name__ == "StainFrozen" for c in object.__subclasses__())
