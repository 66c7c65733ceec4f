# what: waits on a condition
# expect: TIMEOUT
import threading

c = threading.Condition()
with c:
    c.wait()
