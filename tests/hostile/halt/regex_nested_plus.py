# what: (a+)+$ on a text that fails at its end
# expect: TIMEOUT
# batch: computing
import re

re.match(r"(a+)+$", "a" * 60 + "b")
