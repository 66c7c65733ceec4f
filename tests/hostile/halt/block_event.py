# what: waits for an event
# expect: TIMEOUT
import threading

threading.Event().wait()
