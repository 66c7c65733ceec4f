# what: bytes decoded through unicode_escape, kept
# expect: MEMORY_LIMIT_EXCEEDED
kept = []
while True:
    kept.append((b"\\U0001f600" * 100000).decode("unicode_escape"))
