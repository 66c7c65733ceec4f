# what: a catastrophic pattern inside a lookahead
# expect: TIMEOUT
# batch: computing
import re

re.search(r"(?=(\w+\s?)+:)", "word " * 40)
