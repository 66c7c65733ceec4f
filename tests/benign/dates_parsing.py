# what: dates in several formats
from datetime import datetime, timezone, timedelta

found = []
for text, form in (("03/04/2021", "%d/%m/%Y"), ("2021-12-25 18:30", "%Y-%m-%d %H:%M"), ("Jan 5 99", "%b %d %y")):
    found.append(datetime.strptime(text, form).isoformat())
try:
    datetime.strptime("2021-13-01", "%Y-%m-%d")
except ValueError as e:
    print(e)
t = datetime.fromisoformat("2024-06-01T12:00:00+02:00")
(found, t.astimezone(timezone.utc).isoformat(), t.utcoffset() == timedelta(hours=2))
