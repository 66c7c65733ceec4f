# what: takes an item from filters nested too deeply for the C stack
deep = iter([1])
for _ in range(300_000):
    deep = filter(None, deep)
next(deep)
