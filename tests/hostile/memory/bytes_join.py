# what: a hundred references to one megabyte, joined again and again
# expect: MEMORY_LIMIT_EXCEEDED
b = b"x" * 1000000
while True:
    b = b.join([b] * 10)
