# what: a module of the guest's making stays importable
# batch: stains
import sys
import types

sys.modules["stain_module"] = types.ModuleType("stain_module")
# --- verify ---
try:
    import stain_module
except ImportError:
    clean = True
else:
    clean = False
clean
