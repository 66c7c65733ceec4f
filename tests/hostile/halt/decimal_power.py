# what: a decimal power with ten million digits of precision
# expect: TIMEOUT | MEMORY_LIMIT_EXCEEDED
# timeout: 0.2
# batch: computing
import decimal
import sys

sys.set_int_max_str_digits(0)
with decimal.localcontext() as c:
    c.prec = 10000000
    c.Emax = decimal.MAX_EMAX
    decimal.Decimal(7) ** decimal.Decimal("0.3")
