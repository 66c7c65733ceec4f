# what: puts another compile in the place of the interpreter's
import builtins

kept = builtins.compile
builtins.compile = lambda source, *args, **kwargs: kept(source, *args, **kwargs)
None
# --- verify ---
import builtins

builtins.compile.__name__ == "compile"
