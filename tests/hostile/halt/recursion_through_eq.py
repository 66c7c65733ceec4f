# what: == of two lists that hold each other, caught and repeated
# expect: TIMEOUT
a, b = [], []
a.append(b)
b.append(a)
c, d = [], []
c.append(d)
d.append(c)
while True:
    try:
        a == c
    except RecursionError:
        pass
