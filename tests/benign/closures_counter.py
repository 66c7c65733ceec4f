# what: closures
# strict: yes
def counter(start=0):
    n = start

    def step(by=1):
        nonlocal n
        n += by
        return n

    return step, lambda: n


step, peek = counter(10)
step()
step(5)
fs = [lambda k=k: k * k for k in range(4)]
(peek(), [f() for f in fs], (lambda *a, **k: (a, k))(1, *[2, 3], x=4))
