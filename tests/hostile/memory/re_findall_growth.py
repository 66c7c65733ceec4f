# what: findall with an empty match at every place
# expect: MEMORY_LIMIT_EXCEEDED
import re

kept = []
while True:
    kept.append(re.findall("", "a" * 2000000))
