# what: Counter counts an endless iterator
# expect: TIMEOUT
# batch: hooks
import collections

collections.Counter(iter(int, 1))
