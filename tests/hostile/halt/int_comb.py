# what: a binomial coefficient without measure
# expect: TIMEOUT | MEMORY_LIMIT_EXCEEDED
# batch: computing
import math

math.comb(10**9, 10**7)
