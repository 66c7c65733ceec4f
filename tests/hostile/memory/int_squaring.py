# what: squares of squares
# expect: MEMORY_LIMIT_EXCEEDED | TIMEOUT
# timeout: 1
n = 3
while True:
    n = n << 8000000 | n
