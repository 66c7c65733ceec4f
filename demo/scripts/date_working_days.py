# title: Working days between dates, with Easter's movable feasts
# kind: tenant
from datetime import date, timedelta


def easter(year):
    a, b, c = year % 19, *divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def holidays(year):
    sunday = easter(year)
    return {date(year, 1, 1), date(year, 5, 1), date(year, 12, 25), date(year, 12, 26)} | {
        sunday + timedelta(days=days) for days in (-2, 1, 39, 50)
    }


def working_days(first, last):
    free = {day for year in range(first.year, last.year + 1) for day in holidays(year)}
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return sum(1 for day in days if day.weekday() < 5 and day not in free)


years = {
    year: (easter(year), working_days(date(year, 1, 1), date(year, 12, 31))) for year in range(2020, 2030)
}
for year, (sunday, days) in years.items():
    print(year, sunday.isoformat(), days)
years
