# what: sorting by hand
def quick(xs):
    if len(xs) < 2:
        return xs
    p, *rest = xs
    return quick([x for x in rest if x < p]) + [p] + quick([x for x in rest if x >= p])


def merge(xs):
    if len(xs) < 2:
        return xs
    m = len(xs) // 2
    a, b = merge(xs[:m]), merge(xs[m:])
    out = []
    while a and b:
        out.append((a if a[0] <= b[0] else b).pop(0))
    return out + a + b


def bubble(xs):
    xs = xs[:]
    for n in range(len(xs), 1, -1):
        for i in range(n - 1):
            if xs[i] > xs[i + 1]:
                xs[i], xs[i + 1] = xs[i + 1], xs[i]
    return xs


data = [(i * 37) % 23 for i in range(15)]
(quick(data), quick(data) == merge(data) == bubble(data) == sorted(data))
