# what: a tuple of the library is written to in place through ctypes
# batch: stains
import functools

try:
    import ctypes
except ImportError:
    functools.WRAPPER_ASSIGNMENTS = ("__stained__",)
else:
    name = "__stained__"
    pointer = ctypes.c_void_p.from_address(id(functools.WRAPPER_ASSIGNMENTS) + tuple.__basicsize__)
    functools.stained_reference = name
    pointer.value = id(name)
# --- verify ---
import functools

functools.WRAPPER_ASSIGNMENTS[0] == "__module__"
