# title: A year's calendar pages, weeks from Monday
# kind: user
import calendar

page = calendar.TextCalendar(calendar.MONDAY)
text = page.formatyear(2024, w=2, l=1, c=4, m=3)
print(text)
fridays = [
    (year, month)
    for year in range(2020, 2031)
    for month in range(1, 13)
    if calendar.weekday(year, month, 13) == calendar.FRIDAY
]
return {"leap": [year for year in range(1990, 2030) if calendar.isleap(year)], "friday 13th": fridays}
