# what: the value is a tuple that shares itself sixty levels deep
# expect: TIMEOUT | MEMORY_LIMIT_EXCEEDED | MESSAGE_TOO_LARGE | RESULT_NOT_SERIALIZABLE
t = ()
for _ in range(60):
    t = (t, t)
t
