# what: calendars
import calendar

print(calendar.month(2024, 2))
(calendar.isleap(2000), calendar.monthrange(2023, 2)[1], calendar.day_name[calendar.weekday(1969, 7, 20)], calendar.leapdays(1990, 2020))
