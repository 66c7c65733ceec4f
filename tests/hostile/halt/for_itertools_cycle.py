# what: for over itertools.cycle
# expect: TIMEOUT
# batch: loops
import itertools

for _ in itertools.cycle("abc"):
    pass
