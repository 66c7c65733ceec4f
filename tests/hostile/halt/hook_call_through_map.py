# what: map over an endless iterator with a builtin
# expect: TIMEOUT
# batch: hooks
for _ in map(abs, iter(int, 1)):
    pass
