# what: format widths that grow, MemoryError caught
# expect: MEMORY_LIMIT_EXCEEDED
w = 1000
while True:
    w *= 2
    try:
        "{:>{w}}".format("x", w=w)
    except (MemoryError, OverflowError, ValueError):
        w = 2**32
