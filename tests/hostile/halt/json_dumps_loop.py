# what: json written for ever by the C encoder
# expect: TIMEOUT
# batch: computing
import json

data = [{"a": i, "b": [i] * 5, "c": "x" * 10} for i in range(20000)]
while True:
    json.dumps(data)
