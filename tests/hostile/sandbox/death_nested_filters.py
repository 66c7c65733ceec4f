# what: takes an item from filters nested too deeply for the C stack
deep = iter([1])
for _ in range(1_000_000):
    deep = filter(None, deep)
next(deep)
