# what: a flush that loops is left for whoever flushes at the end
# expect: SUCCESS | TIMEOUT
# batch: hooks
import sys


class Out:
    def write(self, text):
        return len(text)

    def flush(self):
        while True:
            pass


sys.stdout = sys.stderr = Out()
print("x")
