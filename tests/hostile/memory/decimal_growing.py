# what: decimals of many digits, kept
# expect: MEMORY_LIMIT_EXCEEDED
import decimal

kept = []
while True:
    kept.append(decimal.Decimal("7" * 4000))
