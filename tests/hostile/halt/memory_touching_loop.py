# what: allocates and frees megabytes for ever
# expect: TIMEOUT
# batch: computing
while True:
    x = bytearray(10000000)
    x[::4096] = b"x" * len(x[::4096])
