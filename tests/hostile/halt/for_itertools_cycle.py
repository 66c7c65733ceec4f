# what: for over itertools.cycle
# expect: TIMEOUT
import itertools

for _ in itertools.cycle("abc"):
    pass
