# what: the hash of a slice that shares itself sixty levels deep
# expect: TIMEOUT
# batch: iterators
t = 1
for _ in range(60):
    t = slice(t, t)
hash(t)
