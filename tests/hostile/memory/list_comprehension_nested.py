# what: three nested loops in one comprehension
# expect: MEMORY_LIMIT_EXCEEDED
[[[z for z in range(1000)] for y in range(1000)] for x in range(1000)]
