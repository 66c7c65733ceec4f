# what: JSON of JSON of JSON, whose escapes double each time, everything caught
# expect: MEMORY_LIMIT_EXCEEDED
import json

s = '"\\'
while True:
    try:
        s = json.dumps(s)
    except BaseException:
        pass
