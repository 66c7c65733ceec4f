# what: decimals of many digits, kept
# expect: MEMORY_LIMIT_EXCEEDED
import decimal
import sys

sys.set_int_max_str_digits(0)
kept = []
while True:
    kept.append(decimal.Decimal("7" * 500000))
