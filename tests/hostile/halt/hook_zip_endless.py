# what: zip of three endless iterators
# expect: TIMEOUT
# batch: hooks
for _ in zip(iter(int, 1), iter(int, 1), iter(int, 1)):
    pass
