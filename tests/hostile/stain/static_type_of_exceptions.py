# what: BaseException gets an attribute that every error shows
# batch: stains
import gc

gc.get_referents(BaseException.__dict__)[0]["stained"] = True
gc.get_referents(object.__dict__)[0]["stained_object"] = True
hasattr(KeyError, "stained") and hasattr(5, "stained_object")
# --- verify ---
"stained" not in BaseException.__dict__ and "stained_object" not in object.__dict__ and not hasattr(5, "stained_object")
