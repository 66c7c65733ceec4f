# what: square roots at some thousand digits, for ever
# expect: TIMEOUT
# timeout: 0.2
# batch: computing
import decimal
import sys

sys.set_int_max_str_digits(0)
decimal.getcontext().prec = 5000
x = decimal.Decimal(2)
while True:
    x = x.sqrt() + 1
