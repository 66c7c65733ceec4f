# what: strings sorted that differ only at their far ends
# expect: TIMEOUT
# batch: iterators
base = "a" * 200000
xs = [base + chr(200 - i) for i in range(100)]
while True:
    sorted(xs)
    xs.reverse()
