# what: a loop that counts
# expect: TIMEOUT
n = 0
while True:
    n += 1
