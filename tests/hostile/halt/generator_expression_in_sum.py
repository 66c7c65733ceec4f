# what: sum over an endless generator expression
# expect: TIMEOUT
# batch: loops
sum(0 for _ in iter(int, 1))
