# what: aborts in a destructor that the collector calls
# expect: WORKER_CRASHED
import gc
import os


class D:
    def __init__(self):
        self.me = self

    def __del__(self):
        os.abort()


D()
gc.collect()
