# what: a decimal with a thousand million digits
# expect: MEMORY_LIMIT_EXCEEDED | EXECUTION_ERROR | TIMEOUT
# timeout: 1
import decimal

c = decimal.getcontext()
c.prec = min(decimal.MAX_PREC, 10**9)
decimal.Decimal(1) / 7
