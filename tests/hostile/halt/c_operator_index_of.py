# what: operator.indexOf an endless iterator
# expect: TIMEOUT
import itertools
import operator

operator.indexOf(itertools.repeat(1), 2)
