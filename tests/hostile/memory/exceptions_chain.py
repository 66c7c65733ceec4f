# what: one exception caused by another, without an end
# expect: MEMORY_LIMIT_EXCEEDED
e = None
while True:
    try:
        raise ValueError("x" * 100) from e
    except ValueError as new:
        e = new
