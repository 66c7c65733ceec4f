# what: has signals reported to a descriptor
import os
import signal

r, w = os.pipe()
os.set_blocking(w, False)
signal.set_wakeup_fd(w)
