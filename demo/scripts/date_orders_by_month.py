# title: Orders by month and weekday
# kind: tenant
import calendar
import random
from collections import Counter
from datetime import date, datetime, timedelta

random.seed(99)
start = datetime(2023, 11, 3, 9, 30)
orders = [start + timedelta(minutes=random.randrange(60 * 24 * 180)) for _ in range(800)]
months = Counter(order.strftime("%Y-%m") for order in orders)
weekdays = Counter(order.isoweekday() for order in orders)
for month, n in sorted(months.items()):
    print(month, "*" * (n // 4), n)
busiest = Counter(order.date() for order in orders).most_common(1)[0][1]
weeks = {order.isocalendar()[:2] for order in orders}
assert all(isinstance(order.date(), date) for order in orders)
return {
    "months": dict(sorted(months.items())),
    "weekdays": {calendar.day_name[day - 1]: weekdays[day] for day in sorted(weekdays)},
    "first": min(orders),
    "last": max(orders),
    "busiest": busiest,
    "weeks": len(weeks),
}
