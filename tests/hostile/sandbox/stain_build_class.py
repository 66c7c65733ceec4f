# what: puts another __build_class__ in the place of the interpreter's
import builtins

kept = builtins.__build_class__
builtins.__build_class__ = lambda *args, **kwargs: kept(*args, **kwargs)
None
# --- verify ---
import builtins

builtins.__build_class__.__name__ == "__build_class__"
