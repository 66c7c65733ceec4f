# what: wait_for with a predicate that never holds
# expect: TIMEOUT
import threading

c = threading.Condition()
with c:
    c.wait_for(lambda: False)
