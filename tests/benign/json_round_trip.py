# what: JSON of nested data
# strict: yes
import json

data = {"name": "Zoë", "tags": ["a", None, True, 1.5], "nested": {"k": [{"x": -1}]}, "big": 10**20}
text = json.dumps(data, indent=2, sort_keys=True)
print(text)
print(json.dumps(data, ensure_ascii=False, separators=(",", ":")))
json.loads(text) == data
