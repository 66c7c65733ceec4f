# what: the import lock is left held
# batch: stains
import _imp

_imp.acquire_lock()
# --- verify ---
import _imp

not _imp.lock_held()
