# what: puts another open in the place of the interpreter's
import builtins

builtins.open = lambda *args, **kwargs: None
None
# --- verify ---
import builtins

not hasattr(builtins, "open") or builtins.open.__name__ == "open"
