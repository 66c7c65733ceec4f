# what: weakref.finalize keeps a function for the end
# batch: stains
import sys
import weakref


class StainKept:
    pass


sys.stain_kept = StainKept()
weakref.finalize(sys.stain_kept, print, "stained")
None
# --- verify ---
import weakref

not any(info.args == ("stained",) for info in weakref.finalize._registry.values())
