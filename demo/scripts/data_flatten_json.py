# title: Nested JSON flattened to dotted paths and back
# kind: tenant
# data: raw = topics_json
import json


def flatten(value, path=""):
    match value:
        case dict() if value:
            for key, item in value.items():
                yield from flatten(item, f"{path}.{key}" if path else key)
        case list() if value:
            for index, item in enumerate(value):
                yield from flatten(item, f"{path}[{index}]")
        case _:
            yield path, value


records = json.loads(raw)
flat = dict(flatten({record["name"]: record for record in records}))
sizes = {path: value for path, value in flat.items() if path.endswith(".characters")}
again = json.loads(json.dumps(records, sort_keys=True))
print(len(flat), "paths, the longest:", max(flat, key=len))
return len(flat), sum(sizes.values()), again == records
