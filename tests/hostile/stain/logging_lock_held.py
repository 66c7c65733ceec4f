# what: logging's lock is left held
# batch: stains
import logging

logging._lock.acquire()
# --- verify ---
import logging

not logging._lock._is_owned()
