# what: starts a thread that can be joined
# python: >=3.13
import _thread

found = []
_thread.start_joinable_thread(lambda: found.append(1)).join()
{"escaped": found == [1], "proof": "ran"}
