# title: Compiles and walks deeply nested source
# kind: crash
# expect: EXECUTION_ERROR|WORKER_CRASHED|MEMORY_LIMIT_EXCEEDED
# error: RecursionError
# timeout: 5
import json

text = "[" * 200_000 + "]" * 200_000
json.loads(text)
