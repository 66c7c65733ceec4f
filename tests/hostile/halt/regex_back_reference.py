# what: a back reference with ambiguous groups
# expect: TIMEOUT
# batch: computing
import re

re.match(r"(.*)(.*)(.*)(.*)(.*)(.*)(.*)\1\2\3\4\5\6\7!", "ab" * 200)
