# what: the factorial of a hundred million
# expect: TIMEOUT | MEMORY_LIMIT_EXCEEDED
# batch: computing
import math

math.factorial(100000000)
