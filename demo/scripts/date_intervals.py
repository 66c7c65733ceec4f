# title: Overlapping bookings merged, and the gaps between them
# kind: tenant
from datetime import datetime, timedelta
from itertools import pairwise

bookings = [
    ("2024-04-02 09:00", 45),
    ("2024-04-02 09:30", 60),
    ("2024-04-02 12:15", 30),
    ("2024-04-02 14:00", 90),
    ("2024-04-02 14:20", 15),
    ("2024-04-02 16:00", 60),
    ("2024-04-02 15:30", 30),
]
spans = sorted(
    (begin := datetime.fromisoformat(at), begin + timedelta(minutes=minutes)) for at, minutes in bookings
)
merged = []
for begin, end in spans:
    if merged and begin <= merged[-1][1]:
        merged[-1] = (merged[-1][0], max(merged[-1][1], end))
    else:
        merged.append((begin, end))
gaps = [(a[1], b[0], b[0] - a[1]) for a, b in pairwise(merged)]
for begin, end in merged:
    print(f"{begin:%H:%M} to {end:%H:%M}")
busy = sum((end - begin for begin, end in merged), timedelta())
{"merged": merged, "gaps": gaps, "busy": busy}
