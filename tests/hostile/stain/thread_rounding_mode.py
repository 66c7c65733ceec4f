# what: floating point of the worker's thread rounds upwards
# batch: stains
try:
    import ctypes
except ImportError:
    import math

    math.sqrt = math.ceil
else:
    import platform

    upward = 0x400000 if platform.machine() in ("aarch64", "arm64") else 0x800
    try:
        libm = ctypes.CDLL("libm.so.6")
    except OSError:
        libm = ctypes.CDLL(None)
    libm.fesetround(upward)
None
# --- verify ---
import math

tenth, third = float("0.1"), float("3")
tenth + float("0.2") == float("0.30000000000000004") and 1 / third * third == 1.0 and math.sqrt(2) == 1.4142135623730951
