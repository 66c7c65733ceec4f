# what: a largest sum of neighbours
# strict: yes
def best(xs):
    top = now = xs[0]
    start = 0
    span = (0, 0)
    for i, x in enumerate(xs[1:], 1):
        if now < 0:
            now, start = x, i
        else:
            now += x
        if now > top:
            top, span = now, (start, i)
    return top, span


best([-2, 1, -3, 4, -1, 2, 1, -5, 4])
