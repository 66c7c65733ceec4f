# what: puts another __import__ in the place of the interpreter's
import builtins

kept = builtins.__import__
builtins.__import__ = lambda *args, **kwargs: kept(*args, **kwargs)
None
# --- verify ---
import builtins

builtins.__import__.__name__ == "__import__"
