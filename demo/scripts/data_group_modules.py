# title: The library by package: rows of CSV grouped and summed
# kind: tenant
# data: table = modules_csv
import csv
import io
from collections import defaultdict

groups = defaultdict(lambda: {"modules": 0, "bytes": 0, "lines": 0, "functions": 0})
for row in csv.DictReader(io.StringIO(table)):
    group = groups[row["package"]]
    group["modules"] += 1
    for column in ("bytes", "lines", "functions"):
        group[column] += int(row[column])
out = io.StringIO()
writer = csv.DictWriter(out, ["package", "modules", "bytes", "lines", "functions"], lineterminator="\n")
writer.writeheader()
for package in sorted(groups):
    writer.writerow({"package": package, **groups[package]})
print(out.getvalue(), end="")
{package: groups[package] for package in sorted(groups)}
