# what: stdout, stderr and stdin are objects of the guest
# batch: stains
import sys


class StainStream:
    def write(self, text):
        return len(text)

    def flush(self):
        pass


sys.stdout = sys.stderr = sys.stdin = sys.__stdout__ = sys.__stderr__ = StainStream()
# --- verify ---
import sys

streams = (sys.stdout, sys.stderr, sys.stdin, sys.__stdout__, sys.__stderr__)
not any(type(stream).__name__ == "StainStream" for stream in streams)
