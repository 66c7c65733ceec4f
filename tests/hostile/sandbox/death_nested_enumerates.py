# what: takes an item from enumerates nested too deeply for the C stack
deep = iter([1])
for _ in range(300_000):
    deep = enumerate(deep)
next(deep)
