# what: two tuples of sixty shared levels compared
# expect: TIMEOUT
# batch: iterators
a = b = ()
a, b = (1,), (1,)
for _ in range(60):
    a, b = (a, a), (b, b)
a == b
