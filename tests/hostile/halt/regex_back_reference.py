# what: a back reference with ambiguous groups
# expect: TIMEOUT
import re

re.match(r"(.*)(.*)(.*)(.*)(.*)(.*)(.*)\1\2\3\4\5\6\7!", "ab" * 200)
