# what: struct.pack asks __index__, which loops
# expect: TIMEOUT
# batch: hooks
import struct


class I:
    def __index__(self):
        while True:
            pass


struct.pack("i", I())
