# what: sets
# strict: yes
a, b = {1, 2, 3, 4}, frozenset([3, 4, 5])
print(sorted(a | b), sorted(a & b), sorted(a - b), sorted(a ^ b), a.isdisjoint({9}), {3} <= a)
a.discard(1)
a.update(range(7, 9))
return {"a": a, "b": b, "lens": {len(w) for w in "a bb cc ddd".split()}}
