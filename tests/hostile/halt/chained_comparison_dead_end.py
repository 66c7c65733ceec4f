# what: one expression of short-circuit operators, for ever
# expect: TIMEOUT
# batch: loops
x = 0
while not (x > 0 and x < 1) or (x is x and not x):
    x = x and 1 or 0
