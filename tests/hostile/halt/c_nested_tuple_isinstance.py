# what: isinstance with a tuple of classes that shares itself
# expect: TIMEOUT
# batch: iterators
t = (str, bytes)
for _ in range(60):
    t = (t, t)
isinstance(1, t)
