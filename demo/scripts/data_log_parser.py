# title: A web server's log: status codes, slow paths, bursts
# kind: tenant
import random
import re
import statistics
from collections import Counter, defaultdict
from datetime import datetime, timedelta

random.seed(7)
clock = datetime(2024, 3, 9, 8, 0)
lines = []
for _ in range(1500):
    clock += timedelta(seconds=random.expovariate(0.7))
    path = random.choice(["/", "/login", "/api/items", "/api/items/7", "/static/app.css"])
    status = random.choices([200, 304, 404, 500], [80, 12, 6, 2])[0]
    lines.append(
        f'10.0.0.{random.randint(1, 9)} - - [{clock:%d/%b/%Y:%H:%M:%S}] "GET {path} HTTP/1.1" '
        f"{status} {random.randint(200, 9000)} {random.gammavariate(2, 40):.1f}"
    )

LINE = re.compile(
    r'(?P<ip>\S+) - - \[(?P<at>[^]]+)\] "(?P<verb>\w+) (?P<path>\S+) \S+" (?P<status>\d+) '
    r"(?P<bytes>\d+) (?P<ms>[\d.]+)"
)
status, times, minutes = Counter(), defaultdict(list), Counter()
for line in lines:
    hit = LINE.fullmatch(line)
    status[int(hit["status"])] += 1
    times[hit["path"]].append(float(hit["ms"]))
    minutes[hit["at"][:-3]] += 1
for path in sorted(times):
    p95 = statistics.quantiles(times[path], n=20)[-1]
    print(f"{path:16} {len(times[path]):5} requests, 95 % within {p95:6.1f} ms")
{"status": dict(sorted(status.items())), "busiest": minutes.most_common(1)[0]}
