# what: cycles found by the collector that come back each time
# expect: TIMEOUT
import gc

keep = []


class D:
    def __init__(self):
        self.me = self

    def __del__(self):
        keep.append(D())


D()
while True:
    keep.clear()
    gc.collect()
