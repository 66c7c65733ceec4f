# what: hooks and the stack size of threads are set
# batch: stains
import threading


def stain_hook(*a):
    pass


threading.settrace(stain_hook)
threading.setprofile(stain_hook)
threading.excepthook = stain_hook
threading.current_thread().name = "stained"
threading.stack_size(1 << 20)
# --- verify ---
import threading

(
    threading.gettrace() is None
    and threading.getprofile() is None
    and threading.excepthook.__name__ != "stain_hook"
    and threading.current_thread().name != "stained"
    and threading.stack_size() != 1 << 20
)
