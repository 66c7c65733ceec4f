# what: reference counts of library objects are off by a thousand
# batch: stains
import json
import sys

try:
    import ctypes
except ImportError:
    sys.stain_kept = [json.JSONEncoder] * 1000
else:
    for _ in range(1000):
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(json.JSONEncoder))
# --- verify ---
import json
import sys

sys.getrefcount(json.JSONEncoder) < 1000
