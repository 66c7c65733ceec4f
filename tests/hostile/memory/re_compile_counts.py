# what: patterns with many large counted groups, kept
# expect: MEMORY_LIMIT_EXCEEDED
import re

kept = []
n = 0
while True:
    n += 1
    kept.append(re.compile("(?:" + "|".join(f"a{n}{i}" for i in range(1000)) + ")"))
