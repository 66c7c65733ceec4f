# what: exp and ln at high precision
# expect: TIMEOUT | MEMORY_LIMIT_EXCEEDED
# timeout: 0.2
# batch: computing
import decimal
import sys

sys.set_int_max_str_digits(0)
decimal.getcontext().prec = 3000000
decimal.Decimal(2).ln().exp()
