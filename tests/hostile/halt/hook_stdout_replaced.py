# what: print meets a sys.stdout that loops
# expect: TIMEOUT
# batch: hooks
import sys


class Out:
    def write(self, text):
        while True:
            pass

    flush = write


sys.stdout = Out()
print("x")
