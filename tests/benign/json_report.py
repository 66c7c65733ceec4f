# what: a report made of JSON data
# strict: yes
import json

raw = '[{"dept": "eng", "pay": 100}, {"dept": "ops", "pay": 70}, {"dept": "eng", "pay": 120}]'
by_dept = {}
for row in json.loads(raw):
    by_dept.setdefault(row["dept"], []).append(row["pay"])
report = {d: {"n": len(p), "mean": sum(p) / len(p), "max": max(p)} for d, p in by_dept.items()}
print(json.dumps(report, indent=1))
report
