# what: the lock of one module's import is left held
# batch: stains
import _frozen_importlib
import sys

sys.stain_lock = _frozen_importlib._get_module_lock("stain_module")
sys.stain_lock.acquire()
# --- verify ---
import _frozen_importlib
import sys

not hasattr(sys, "stain_lock") and "stain_module" not in _frozen_importlib._module_locks
