# what: a pattern of four million characters
# expect: MEMORY_LIMIT_EXCEEDED
import re

re.compile("ab" * 2000000)
