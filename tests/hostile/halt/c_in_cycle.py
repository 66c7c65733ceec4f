# what: a membership test on an endless iterator
# expect: TIMEOUT
import itertools

"z" in itertools.cycle("abc")
