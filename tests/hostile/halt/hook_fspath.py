# what: __fspath__ loops inside os.stat
# expect: TIMEOUT
# batch: hooks
import os


class P:
    def __fspath__(self):
        while True:
            pass


os.stat(P())
