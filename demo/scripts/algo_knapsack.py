# title: A knapsack packed by dynamic programming
# kind: llm
from functools import cache

items = [
    ("map", 9, 150),
    ("compass", 13, 35),
    ("water", 153, 200),
    ("sandwich", 50, 160),
    ("glucose", 15, 60),
    ("tin", 68, 45),
    ("banana", 27, 60),
    ("apple", 39, 40),
    ("cheese", 23, 30),
    ("beer", 52, 10),
    ("suntan cream", 11, 70),
    ("camera", 32, 30),
    ("tent", 43, 75),
    ("trousers", 48, 10),
    ("socks", 4, 50),
    ("book", 30, 10),
]


@cache
def best(index, room):
    if index == len(items):
        return 0, ()
    name, weight, value = items[index]
    without = best(index + 1, room)
    if weight > room:
        return without
    rest = best(index + 1, room - weight)
    return max(without, (value + rest[0], (name, *rest[1])), key=lambda pair: pair[0])


value, packed = best(0, 400)
print(value, ", ".join(packed))
info = best.cache_info()
value, packed, info.currsize
