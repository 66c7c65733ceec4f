# what: working days between dates
from datetime import date, timedelta


def business_days(a, b, holidays=()):
    return sum(1 for n in range((b - a).days + 1) if (d := a + timedelta(n)).weekday() < 5 and d not in holidays)


(business_days(date(2024, 5, 1), date(2024, 5, 31), {date(2024, 5, 1)}), min(date.max, date(2024, 1, 1)))
