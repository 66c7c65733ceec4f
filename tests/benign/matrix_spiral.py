# what: a spiral
def spiral(m):
    out = []
    while m:
        out += m[0]
        m = list(zip(*m[1:]))[::-1]
    return out


def rotate(m):
    return [list(r) for r in zip(*m[::-1])]


grid = [[r * 4 + c for c in range(4)] for r in range(3)]
(spiral(grid), rotate(grid)[0])
