# what: bytes longer than an index can say
# expect: EXECUTION_ERROR | MEMORY_LIMIT_EXCEEDED
b"xx" * (2**63 - 1)
