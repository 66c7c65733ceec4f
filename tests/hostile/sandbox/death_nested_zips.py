# what: takes an item from zips nested too deeply for the C stack
deep = iter([1])
for _ in range(300_000):
    deep = zip(deep)
next(deep)
