# what: sys.stderr loops while an error is on its way
# expect: EXECUTION_ERROR | TIMEOUT
# batch: hooks
import sys


class Err:
    def __getattr__(self, name):
        while True:
            pass


sys.stderr = Err()
1 / 0
