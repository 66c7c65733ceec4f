# what: the loop stands in a class body
# expect: TIMEOUT
# batch: loops
class C:
    n = 0
    while True:
        n += 1
