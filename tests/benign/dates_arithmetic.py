# what: dates and differences
from datetime import date, datetime, timedelta

start = date(2024, 1, 31)
print(start + timedelta(days=30), (date(2025, 3, 1) - start).days, start.isocalendar()[1], start.strftime("%A %d %B %Y"))
meetings = [start + timedelta(weeks=w) for w in range(3)]
(meetings, datetime(2024, 2, 29, 23, 59) + timedelta(minutes=2), timedelta(hours=49, seconds=5))
