# what: the key function of sort loops
# expect: TIMEOUT
# batch: hooks
def key(x):
    while True:
        pass


sorted([3, 2, 1], key=key)
