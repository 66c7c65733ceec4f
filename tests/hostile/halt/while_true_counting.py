# what: a loop that counts
# expect: TIMEOUT
# batch: loops
n = 0
while True:
    n += 1
