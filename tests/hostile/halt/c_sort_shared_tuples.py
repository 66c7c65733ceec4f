# what: a sort whose every comparison goes sixty levels down
# expect: TIMEOUT
# batch: iterators
def make(n):
    t = (1,)
    for _ in range(60):
        t = (t, t)
    return t, n


sorted([make(n) for n in range(10)])
