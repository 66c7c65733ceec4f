# what: finditer that finds nothing, slowly
# expect: TIMEOUT
# batch: computing
import re

for _ in re.finditer(r"(?:a?){40}a{40}b", "a" * 80):
    pass
