# what: the factorial of a hundred million
# expect: TIMEOUT | MEMORY_LIMIT_EXCEEDED
import math

math.factorial(100000000)
