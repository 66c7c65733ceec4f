# what: a match whose backtracking needs a stack of its own
# expect: MEMORY_LIMIT_EXCEEDED
import re

re.match(r"(?:(.)|b)*c", "a" * 5000000)
