# what: text is left in the buffer of a stream of the guest's making over the real one
# batch: stains
import io
import sys


class StainBuffer(io.RawIOBase):
    def writable(self):
        return True

    def write(self, data):
        sys.__stdout__.write("late text")
        return len(data)


sys.left_open = io.BufferedWriter(StainBuffer())
sys.left_open.write(b"data never flushed")
# --- verify ---
import gc
import sys

not hasattr(sys, "left_open") and not any(type(o).__name__ == "StainBuffer" for o in gc.get_objects())
