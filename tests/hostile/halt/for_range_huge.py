# what: a range of 10**18 turns
# expect: TIMEOUT
for _ in range(10**18):
    pass
