# what: struct.pack asks __index__, which loops
# expect: TIMEOUT
import struct


class I:
    def __index__(self):
        while True:
            pass


struct.pack("i", I())
