# what: the import lock is left held
import _imp

_imp.acquire_lock()
# --- verify ---
import _imp

not _imp.lock_held()
