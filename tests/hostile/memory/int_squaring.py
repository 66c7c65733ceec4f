# what: squares of squares
# expect: MEMORY_LIMIT_EXCEEDED | TIMEOUT
n = 3
while True:
    n = n << 1000000 | n
