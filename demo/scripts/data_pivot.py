# title: A pivot table of module sizes
# kind: user
# data: table = modules_csv
import csv
import statistics

rows = list(csv.reader(table.splitlines()))[1:]
BANDS = ((0, "tiny"), (5_000, "small"), (20_000, "medium"), (60_000, "large"))


def band(size):
    return [label for low, label in BANDS if size >= low][-1]


cells = {}
for module, package, size, _, functions, _ in rows:
    key = ("package" if package != "-" else "top level", band(int(size)))
    cells.setdefault(key, []).append(int(functions))
pivot = {}
for row in ("top level", "package"):
    pivot[row] = {
        label: (len(values), statistics.median(values)) if (values := cells.get((row, label))) else None
        for _, label in BANDS
    }
    print(row.ljust(10), *(str(pivot[row][label]).ljust(14) for _, label in BANDS))
pivot
