# what: reads a device without an end into the void
# expect: TIMEOUT
with open("/dev/zero", "rb", buffering=0) as f:
    b = bytearray(1000000)
    while f.readinto(b):
        pass
