# what: a message of fifty megabytes
# expect: TIMEOUT | EXECUTION_ERROR | MEMORY_LIMIT_EXCEEDED | MESSAGE_TOO_LARGE
raise ValueError("x" * 50000000)
