# what: exception groups nested and kept
# expect: MEMORY_LIMIT_EXCEEDED
e = ValueError("x")
while True:
    e = ExceptionGroup("g" * 100, [e, ValueError(bytes(100))])
