# title: A power of a hundred million digits
# kind: loop
# expect: TIMEOUT|MEMORY_LIMIT_EXCEEDED
# timeout: 0.3
return len(str(10**10**8))
