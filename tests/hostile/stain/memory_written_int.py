# what: the value of sys.maxsize is changed in place through ctypes
# batch: stains
import sys

try:
    import ctypes
except ImportError:
    sys.maxsize = 7
else:
    ctypes.c_uint32.from_address(id(sys.maxsize) + int.__basicsize__).value = 7
# --- verify ---
import sys

sys.maxsize == (1 << sys.hash_info.width - 1) - 1
