# what: huge ints kept in a list, everything caught
# expect: MEMORY_LIMIT_EXCEEDED
kept = []
while True:
    try:
        kept.append(int.from_bytes(bytes(range(256)) * 40000, "big"))
    except BaseException:
        pass
