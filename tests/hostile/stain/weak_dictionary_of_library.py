# what: a WeakValueDictionary of the library holds an object of the guest's
# batch: stains
import logging
import sys

sys.stain_handler = logging.NullHandler()
logging._handlers["stain"] = sys.stain_handler
# --- verify ---
import logging

"stain" not in logging._handlers
