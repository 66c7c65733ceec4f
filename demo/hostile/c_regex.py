# title: A regular expression with catastrophic backtracking
# kind: loop
# expect: TIMEOUT
# timeout: 0.2
import re

re.match(r"(a+)+(b|c)*(a|aa)+$", "a" * 64 + "!")
