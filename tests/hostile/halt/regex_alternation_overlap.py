# what: alternatives that overlap
# expect: TIMEOUT
import re

re.match(r"(a|aa)+$", "a" * 80 + "b")
