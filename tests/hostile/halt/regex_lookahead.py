# what: a catastrophic pattern inside a lookahead
# expect: TIMEOUT
import re

re.search(r"(?=(\w+\s?)+:)", "word " * 40)
