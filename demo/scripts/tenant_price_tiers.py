# title: Usage billed by tiers that a tenant wrote as rules
# kind: tenant
from decimal import Decimal
from typing import NamedTuple


class Usage(NamedTuple):
    tenant: str
    plan: str
    calls: int


def price(usage):
    match usage:
        case Usage(plan="free", calls=n) if n <= 1_000:
            return Decimal(0)
        case Usage(plan="free"):
            return Decimal("9.00")
        case Usage(plan="team" | "scale" as plan, calls=n):
            base = {"team": Decimal(29), "scale": Decimal(199)}[plan]
            over = max(0, n - (10_000 if plan == "team" else 250_000))
            return (base + Decimal(over) * Decimal("0.0004")).quantize(Decimal("0.01"))
        case _:
            raise LookupError(f"no price for {usage.plan}")


bills, unknown = {}, []
for usage in [
    Usage("acme", "team", 45_210),
    Usage("bolt", "free", 999),
    Usage("cog", "free", 1_001),
    Usage("dyn", "scale", 3_000_000),
    Usage("elm", "beta", 1),
]:
    try:
        bills[usage.tenant] = price(usage)
        print(f"{usage.tenant:5} {usage.plan:6} {bills[usage.tenant]:>10}")
    except LookupError as error:
        unknown.append(str(error))
return bills, unknown
