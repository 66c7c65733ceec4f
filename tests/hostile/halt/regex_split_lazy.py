# what: lazy quantifiers, split
# expect: TIMEOUT
# batch: computing
import re

re.split(r"(?:a*?)*?c" + "(?:.*?){12}d", "a" * 200)
