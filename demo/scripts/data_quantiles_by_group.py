# title: Quantiles and outliers of function counts
# kind: user
# data: table = modules_csv
import csv
import statistics
from bisect import bisect_left

rows = [(row["module"], int(row["functions"])) for row in csv.DictReader(table.splitlines())]
values = sorted(n for _, n in rows)
low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
fence = high + 1.5 * (high - low)
outliers = [name for name, n in rows if n > fence]
print(f"quartiles {low} {middle} {high}; beyond {fence}: {', '.join(outliers)}")
{
    "quartiles": (low, middle, high),
    "outliers": set(outliers),
    "rank": {name: bisect_left(values, n) for name, n in rows[:5]},
    "stdev": round(statistics.stdev(values), 9),
}
