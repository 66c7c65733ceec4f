# what: the digits of long decimals, kept as tuples
# expect: MEMORY_LIMIT_EXCEEDED
import decimal

kept = []
while True:
    kept.append(decimal.Decimal("7" * 1000).as_tuple())
