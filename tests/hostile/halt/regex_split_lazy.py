# what: lazy quantifiers, split
# expect: TIMEOUT
import re

re.split(r"(?:a*?)*?c" + "(?:.*?){12}d", "a" * 200)
