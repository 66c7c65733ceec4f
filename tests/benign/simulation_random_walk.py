# what: a seeded random walk
# strict: yes
import random

rng = random.Random(42)
x = y = 0
for _ in range(200):
    dx, dy = rng.choice([(0, 1), (0, -1), (1, 0), (-1, 0)])
    x, y = x + dx, y + dy
(x, y, abs(x) + abs(y))
