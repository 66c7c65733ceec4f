# what: a range of 10**18 turns
# expect: TIMEOUT
# batch: loops
for _ in range(10**18):
    pass
