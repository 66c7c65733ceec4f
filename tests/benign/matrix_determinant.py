# what: a determinant and an inverse
# strict: yes
from fractions import Fraction


def inverse(m):
    n = len(m)
    a = [[Fraction(x) for x in row] + [Fraction(int(i == j)) for j in range(n)] for i, row in enumerate(m)]
    det = Fraction(1)
    for i in range(n):
        p = next(r for r in range(i, n) if a[r][i])
        if p != i:
            a[i], a[p] = a[p], a[i]
            det = -det
        det *= a[i][i]
        a[i] = [x / a[i][i] for x in a[i]]
        for r in range(n):
            if r != i:
                a[r] = [x - a[r][i] * y for x, y in zip(a[r], a[i])]
    return det, [[str(x) for x in row[n:]] for row in a]


det, inv = inverse([[2, 0, 1], [1, 3, 2], [1, 1, 1]])
(str(det), inv)
