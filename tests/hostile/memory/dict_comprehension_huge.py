# what: a dict comprehension over a huge range
# expect: MEMORY_LIMIT_EXCEEDED
{i: str(i) for i in range(10**8)}
