# what: a small Latin square
def solve(g, n=4):
    for r in range(n):
        for c in range(n):
            if not g[r][c]:
                for v in range(1, n + 1):
                    box = [g[i][j] for i in range(r // 2 * 2, r // 2 * 2 + 2) for j in range(c // 2 * 2, c // 2 * 2 + 2)]
                    if v not in g[r] and v not in [row[c] for row in g] and v not in box:
                        g[r][c] = v
                        if solve(g):
                            return True
                        g[r][c] = 0
                return False
    return True


grid = [[1, 0, 0, 0], [0, 0, 3, 0], [0, 4, 0, 0], [0, 0, 0, 2]]
(solve(grid), grid)
