# what: a text encoded in four bytes a character, kept over and over
# expect: MEMORY_LIMIT_EXCEEDED
kept = []
while True:
    kept.append(("x" * 1000000).encode("utf-32"))
