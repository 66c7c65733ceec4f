# what: Counter counts an endless iterator
# expect: TIMEOUT
import collections

collections.Counter(iter(int, 1))
