# what: many classes, kept
# expect: MEMORY_LIMIT_EXCEEDED
kept = []
while True:
    kept.append(type(f"C{len(kept)}", (object,), {"x": 1, "f": lambda self: 1}))
