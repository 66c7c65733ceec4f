# what: print meets a sys.stdout that loops
# expect: TIMEOUT
import sys


class Out:
    def write(self, text):
        while True:
            pass

    flush = write


sys.stdout = Out()
print("x")
