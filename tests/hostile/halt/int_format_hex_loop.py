# what: hexadecimal text of a large number and back, for ever
# expect: TIMEOUT
# batch: computing
n = (1 << 8000000) // 3
while True:
    int(f"{n:x}", 16)
