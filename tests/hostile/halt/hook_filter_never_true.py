# what: filter that lets nothing through
# expect: TIMEOUT
next(filter(lambda x: x, iter(int, 1)))
