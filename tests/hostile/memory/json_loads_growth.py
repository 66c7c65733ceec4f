# what: a short JSON text, read over and over and kept
# expect: MEMORY_LIMIT_EXCEEDED
import json

text = "[" + "[]," * 100000 + "[]]"
kept = []
while True:
    kept.append(json.loads(text))
