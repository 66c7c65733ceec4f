# what: a plain lock of a library module is left held
# batch: stains
import tempfile

tempfile._once_lock.acquire()
# --- verify ---
import tempfile

free = tempfile._once_lock.acquire(timeout=0.05)
if free:
    tempfile._once_lock.release()
free
