# what: for over itertools.count
# expect: TIMEOUT
# batch: loops
import itertools

for _ in itertools.count():
    pass
