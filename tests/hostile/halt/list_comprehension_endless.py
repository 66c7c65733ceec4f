# what: a list comprehension that keeps nothing
# expect: TIMEOUT
# batch: loops
[0 for _ in iter(int, 1) if False]
