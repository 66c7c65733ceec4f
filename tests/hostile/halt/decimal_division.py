# what: decimal division of millions of digits
# expect: TIMEOUT | MEMORY_LIMIT_EXCEEDED
# timeout: 0.2
# batch: computing
import decimal
import sys

sys.set_int_max_str_digits(0)
decimal.getcontext().prec = 20000000
while True:
    decimal.Decimal(1) / 7
