# what: a pivot table
# strict: yes
import csv
import io
from collections import defaultdict

data = "region,quarter,sales\nN,1,10\nS,1,20\nN,2,15\nS,2,5\nN,1,7\n"
table = defaultdict(lambda: defaultdict(int))
for row in csv.DictReader(io.StringIO(data)):
    table[row["region"]][row["quarter"]] += int(row["sales"])
for region in sorted(table):
    print(region, *(f"{table[region][q]:>5}" for q in "12"))
{r: dict(q) for r, q in table.items()}
