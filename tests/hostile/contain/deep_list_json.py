# what: JSON of a list a hundred thousand levels deep
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | RESULT_NOT_SERIALIZABLE | MEMORY_LIMIT_EXCEEDED
import json

x = []
for _ in range(100000):
    x = [x]
json.dumps(x)
