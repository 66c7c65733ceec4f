# what: changes the dictionary of a built-in type with gc
import gc

scope = next(d for d in gc.get_referents(int.__dict__) if isinstance(d, dict))
scope["stain"] = 1
None
# --- verify ---
not hasattr(int, "stain")
