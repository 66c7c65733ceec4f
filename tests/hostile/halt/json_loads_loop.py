# what: json parsed for ever by the C scanner
# expect: TIMEOUT
# batch: computing
import json

text = "[" + ",".join('{"a": [1, 2.5, "x\\u00e4", null]}' for _ in range(50000)) + "]"
while True:
    json.loads(text)
