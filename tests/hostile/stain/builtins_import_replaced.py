# what: __import__ is wrapped and remembers what is imported
# batch: stains
import builtins

real = builtins.__import__


def spy(*a, **k):
    return real(*a, **k)


spy.stain = True
builtins.__import__ = spy
# --- verify ---
import builtins

not hasattr(builtins.__import__, "stain")
