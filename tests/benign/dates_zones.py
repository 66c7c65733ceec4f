# what: time zones
from datetime import datetime
from zoneinfo import ZoneInfo

utc = ZoneInfo("UTC")
t = datetime(2024, 3, 10, 12, 30, tzinfo=utc)
(t.isoformat(), t.tzname(), t.astimezone(utc) == t)
