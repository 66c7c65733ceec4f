# title: Ages, weekdays of birth and the next round birthday
# kind: llm
from datetime import date

TODAY = date(2024, 2, 29)
people = {"Grace": date(1906, 12, 9), "Alan": date(1912, 6, 23), "Leap": date(1996, 2, 29), "New": TODAY}


def age(born, on):
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def in_year(born, year):
    try:
        return born.replace(year=year)
    except ValueError:  # the 29th of February
        return date(year, 3, 1)


answer = {}
for name, born in people.items():
    years = age(born, TODAY)
    turn = (years // 10 + 1) * 10
    when = in_year(born, born.year + turn)
    answer[name] = (years, born.strftime("%A"), turn, when, (when - TODAY).days)
    print(f"{name}: {years}, born on a {answer[name][1]}, {turn} on {when:%d.%m.%Y}")
answer
