# what: nearly every builtin is removed
# batch: stains
import builtins

kept = ("__import__", "__build_class__", "BaseException", "Exception", "print", "getattr", "isinstance", "type", "str")
names = vars(builtins)
for name in list(names):
    if not name.startswith("__") and name not in kept:
        names.pop(name)
# --- verify ---
max(map(int, str(123))) == 3 and issubclass(KeyError, LookupError)
