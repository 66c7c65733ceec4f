# what: a key function that sorts with itself, caught and repeated
# expect: TIMEOUT
def key(x):
    return sorted([x, x], key=key)


while True:
    try:
        key(1)
    except RecursionError:
        pass
