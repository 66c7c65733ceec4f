# what: five stars in a row that can all take the same text
# expect: TIMEOUT
# batch: computing
import re

re.match(r"(x+x+)+y", "x" * 60)
