# what: a list grows item by item, MemoryError caught
# expect: MEMORY_LIMIT_EXCEEDED | TIMEOUT
# timeout: 1
xs = []
while True:
    try:
        xs.append(None)
    except MemoryError:
        pass
