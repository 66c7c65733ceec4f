# title: sum() of an endless iterator, one C call
# kind: loop
# expect: TIMEOUT
# timeout: 0.2
import itertools

sum(itertools.repeat(1))
