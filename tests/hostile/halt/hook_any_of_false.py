# what: any() of endless falsehoods made in Python
# expect: TIMEOUT
any(x for x in iter(int, 1))
