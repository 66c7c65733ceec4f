# what: seeded dice
import random
from collections import Counter

random.seed(2024)
rolls = Counter(random.randint(1, 6) + random.randint(1, 6) for _ in range(300))
for total in range(2, 13):
    print(f"{total:2} {'#' * (rolls[total] // 4)}")
rolls.most_common(1)
