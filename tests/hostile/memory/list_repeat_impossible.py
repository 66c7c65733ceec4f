# what: a list longer than the machine's address space
# expect: EXECUTION_ERROR | MEMORY_LIMIT_EXCEEDED
[0] * 10**18
