# what: the game of life
# strict: yes
def step(cells):
    counts = {}
    for r, c in cells:
        for dr in (-1, 0, 1):
            for dc in (-1, 0, 1):
                if dr or dc:
                    counts[r + dr, c + dc] = counts.get((r + dr, c + dc), 0) + 1
    return {k for k, n in counts.items() if n == 3 or n == 2 and k in cells}


glider = {(0, 1), (1, 2), (2, 0), (2, 1), (2, 2)}
for _ in range(4):
    glider = step(glider)
sorted(glider)
