# title: Game of life: a glider gun for 120 generations
# kind: user
from collections import Counter

GUN = """
........................O
......................O.O
............OO......OO............OO
...........O...O....OO............OO
OO........O.....O...OO
OO........O...O.OO....O.O
..........O.....O.......O
...........O...O
............OO
"""
alive = {(x, y) for y, line in enumerate(GUN.strip("\n").split("\n")) for x, c in enumerate(line) if c == "O"}
history = []
for _ in range(120):
    near = Counter((x + dx, y + dy) for x, y in alive for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy)
    alive = {cell for cell, n in near.items() if n == 3 or (n == 2 and cell in alive)}
    history.append(len(alive))
left, top = min(x for x, _ in alive), min(y for _, y in alive)
for y in range(top, top + 24):
    print("".join("#" if (x, y) in alive else " " for x in range(left, left + 48)).rstrip())
return history[::10], alive
