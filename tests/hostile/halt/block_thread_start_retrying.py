# what: starts threads, which is refused, for ever
# expect: TIMEOUT
import threading

while True:
    try:
        threading.Thread(target=print, daemon=True).start()
    except RuntimeError:
        pass
