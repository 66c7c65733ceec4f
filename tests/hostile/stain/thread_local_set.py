# what: thread-local values stay on the worker's thread
# batch: stains
import sys
import threading

sys.stain_local = threading.local()
sys.stain_local.value = "stained"
# --- verify ---
import gc
import threading

found = [o for o in gc.get_objects() if isinstance(o, threading.local)]
not any(getattr(o, "value", "") == "stained" for o in found)
