# what: filter that lets nothing through
# expect: TIMEOUT
# batch: hooks
next(filter(lambda x: x, iter(int, 1)))
