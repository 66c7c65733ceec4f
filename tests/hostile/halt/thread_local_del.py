# what: a value of threading.local loops as it is replaced
# expect: TIMEOUT
import threading


class D:
    def __del__(self):
        while True:
            pass


local = threading.local()
local.x = D()
local.x = None
