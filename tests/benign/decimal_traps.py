# what: what decimals refuse
# strict: yes
from decimal import Decimal, DivisionByZero, InvalidOperation, localcontext

seen = []
for f in (lambda: Decimal(1) / 0, lambda: Decimal("x"), lambda: Decimal("NaN") + 1, lambda: Decimal(2).sqrt()):
    try:
        seen.append(str(f()))
    except (DivisionByZero, InvalidOperation) as e:
        seen.append(type(e).__name__)
seen
