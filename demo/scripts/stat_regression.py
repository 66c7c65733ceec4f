# title: Linear regression and correlation over module sizes
# kind: user
# data: table = modules_csv
import csv
import statistics

rows = list(csv.DictReader(table.splitlines()))
lines = [float(row["lines"]) for row in rows]
size = [float(row["bytes"]) for row in rows]
slope, intercept = statistics.linear_regression(lines, size)
r = statistics.correlation(lines, size)
residual = {row["module"]: y - (slope * x + intercept) for row, x, y in zip(rows, lines, size)}
dense = sorted(residual, key=lambda name: (-residual[name], name))[:3]
print(f"bytes = {slope:.3f} * lines + {intercept:.1f}, r = {r:.4f}; densest: {', '.join(dense)}")
return {"slope": round(slope, 9), "intercept": round(intercept, 6), "r": round(r, 9), "dense": dense}
