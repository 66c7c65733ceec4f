# what: the import lock is taken and a sleep begun
# expect: TIMEOUT
import _imp
import time

_imp.acquire_lock()
time.sleep(1000000)
