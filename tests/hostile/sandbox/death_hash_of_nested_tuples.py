# what: hashes tuples nested too deeply for the C stack
deep = ()
for _ in range(1_000_000):
    deep = (deep,)
hash(deep)
