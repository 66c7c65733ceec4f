# what: for over itertools.count
# expect: TIMEOUT
import itertools

for _ in itertools.count():
    pass
