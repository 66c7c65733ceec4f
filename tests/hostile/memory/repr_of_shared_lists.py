# what: repr of a list that shares itself thirty levels deep
# expect: MEMORY_LIMIT_EXCEEDED
t = ["x" * 100]
for _ in range(30):
    t = [t, t]
repr(t)
