# what: JSON of a list that shares itself thirty levels deep
# expect: MEMORY_LIMIT_EXCEEDED
import json

t = ["x" * 100]
for _ in range(30):
    t = [t, t]
json.dumps(t)
