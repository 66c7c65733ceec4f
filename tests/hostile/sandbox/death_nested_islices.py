# what: takes an item from slices nested too deeply for the C stack
import itertools

deep = iter([1])
for _ in range(300_000):
    deep = itertools.islice(deep, 10)
next(deep)
