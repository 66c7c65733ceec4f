# what: grades by student
# strict: yes
from statistics import fmean, median

grades = {"ann": [90, 85, 77], "bob": [60, 75], "cy": [100]}
report = sorted(((round(fmean(g), 1), n) for n, g in grades.items()), reverse=True)
for mean, name in report:
    print(f"{name:<5}{mean:>7.1f} {'*' * int(mean // 10)}")
median(m for m, _ in report)
