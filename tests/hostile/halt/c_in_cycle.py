# what: a membership test on an endless iterator
# expect: TIMEOUT
# batch: iterators
import itertools

"z" in itertools.cycle("abc")
