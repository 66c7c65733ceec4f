# what: functools.reduce over an endless iterator
# expect: TIMEOUT
# batch: hooks
import functools

functools.reduce(lambda a, b: b, iter(int, 1))
