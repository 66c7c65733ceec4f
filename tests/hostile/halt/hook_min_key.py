# what: min with a key, over an endless iterator
# expect: TIMEOUT
# batch: hooks
min(iter(int, 1), key=lambda x: -x)
