# what: alternatives that overlap
# expect: TIMEOUT
# batch: computing
import re

re.match(r"(a|aa)+$", "a" * 80 + "b")
