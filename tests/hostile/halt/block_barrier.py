# what: a barrier for two
# expect: TIMEOUT
import threading

threading.Barrier(2).wait()
