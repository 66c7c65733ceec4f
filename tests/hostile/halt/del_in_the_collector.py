# what: a cycle whose __del__ loops inside gc.collect
# expect: TIMEOUT
import gc


class D:
    def __init__(self):
        self.me = self

    def __del__(self):
        while True:
            pass


D()
gc.collect()
