# what: a string is doubled, MemoryError caught
# expect: MEMORY_LIMIT_EXCEEDED
s = "x"
while True:
    try:
        s += s
    except MemoryError:
        pass
