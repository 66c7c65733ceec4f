# title: Two tables joined: topics and the modules that they name
# kind: tenant
# data: raw = topics_json
# data: table = modules_csv
# data: docs = topics
import csv
import io
import json
import re

modules = {row["module"]: row for row in csv.DictReader(io.StringIO(table))}
topics = {record["name"]: record for record in json.loads(raw)}
pairs = [
    (name, module)
    for name, text in docs.items()
    for module in sorted(set(re.findall(r'"([a-z.]+)"', text)) & modules.keys())
]
joined = [
    {
        "topic": name,
        "title": topics[name]["title"],
        "module": module,
        "lines": int(modules[module]["lines"]),
        "ratio": round(topics[name]["size"]["characters"] / int(modules[module]["bytes"]), 6),
    }
    for name, module in pairs
]
for row in joined[:15]:
    print(f"{row['topic']:18} {row['module']:14} {row['lines']:5} {row['ratio']:9.4f}")
print(len(joined), "rows;", len(topics) - len({row["topic"] for row in joined}), "topics name no module")
joined
