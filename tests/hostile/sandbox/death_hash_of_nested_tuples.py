# what: hashes tuples nested too deeply for the C stack
# python: <3.14
deep = ()
for _ in range(1_000_000):
    deep = (deep,)
hash(deep)
