# title: Numbers and texts formatted in every way
# kind: user
from datetime import datetime, timedelta, timezone
from decimal import Decimal

at = datetime(2024, 2, 29, 13, 5, 7, 4200, tzinfo=timezone(timedelta(hours=5, minutes=30)))
lines = [
    f"{1234567.891:>16,.2f}|{0.000012345:e}|{2 / 3:%}|{255:#010x}|{255:b}|{-7:+d}|{1e100:g}",
    f"{'left':<8}|{'mid':^8}|{'right':>8}|{'cut off':.3}|{'*':*^8}",
    f"{Decimal('1234567.5'):,.2f}|{Decimal('1E+3'):f}|{3 + 4j:.1f}|{True!s:>6}|{'q'!r}",
    "{0[a]} {1.year} {name!r:>8}".format({"a": 1}, at, name="x"),
    "%05.1f|%-6s|%x|%%|%+d" % (3.14159, "ab", 48879, 5),
    at.isoformat(),
    at.strftime("%Y-%j %H.%M %U"),
    f"{at:%d/%m/%y}",
    at.astimezone(timezone.utc).isoformat(),
    str(timedelta(days=-1, seconds=3661)),
    repr(1e16),
    repr(0.1 + 0.2),
    str(10**30),
    f"{10**18:_}",
]
print("\n".join(lines))
return lines
