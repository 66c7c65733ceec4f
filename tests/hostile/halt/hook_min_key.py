# what: min with a key, over an endless iterator
# expect: TIMEOUT
min(iter(int, 1), key=lambda x: -x)
