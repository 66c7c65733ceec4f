# what: a substitution that tries a long tail at every start
# expect: TIMEOUT
# batch: computing
import re

re.sub(r"a*b", "", "a" * 3000000)
