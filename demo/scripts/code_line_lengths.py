# title: Line lengths and indentation as bars
# kind: user
# data: files = sources:inspect,dataclasses,traceback
from collections import Counter

summary = {}
for module, source in files.items():
    lengths, depth = Counter(), Counter()
    for line in source.splitlines():
        if body := line.strip():
            lengths[len(line) // 10 * 10] += 1
            depth[(len(line) - len(body)) // 4] += 1
    print(module)
    for low in sorted(lengths):
        print(f"  {low:3} {'▇' * (60 * lengths[low] // max(lengths.values()))}")
    summary[module] = {"lengths": dict(sorted(lengths.items())), "depth": dict(sorted(depth.items()))}
summary
