# what: json of a list that shares itself sixty levels deep
# expect: TIMEOUT | MEMORY_LIMIT_EXCEEDED
# batch: iterators
import json

t = []
for _ in range(60):
    t = [t, t]
json.dumps(t)
