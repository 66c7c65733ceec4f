# what: any() of endless falsehoods made in Python
# expect: TIMEOUT
# batch: hooks
any(x for x in iter(int, 1))
