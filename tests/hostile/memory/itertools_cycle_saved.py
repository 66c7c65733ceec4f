# what: cycle saves what it has read
# expect: MEMORY_LIMIT_EXCEEDED
import itertools

for _ in itertools.cycle(itertools.count()):
    pass
