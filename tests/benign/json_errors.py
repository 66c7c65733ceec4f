# what: where JSON is wrong
# strict: yes
import json

found = []
for text in ('{"a": 1,}', "[1, 2", '"\\x"', "nul", ""):
    try:
        json.loads(text)
    except json.JSONDecodeError as e:
        found.append((e.lineno, e.colno, e.pos))
found
