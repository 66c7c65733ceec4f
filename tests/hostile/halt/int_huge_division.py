# what: one division with millions of digits
# expect: TIMEOUT
# batch: computing
n = int.from_bytes(bytes(range(256)) * 20000)
d = int.from_bytes(bytes(range(255)) * 10000)
while True:
    n // d
