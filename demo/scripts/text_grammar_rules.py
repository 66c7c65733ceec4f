# title: The grammar's productions, collected from the topics
# kind: llm
# data: docs = topics
import re

# "name ::= ..." up to 3.13, "name: ..." in indented literal blocks since.
RULE = re.compile(r"^ {3}(?P<name>[a-z_]+)\s*(?:::=|:)\s+(?P<body>\S.*(?:\n {4,}\S.*)*)", re.MULTILINE)
rules = {}
for text in docs.values():
    for match in RULE.finditer(text):
        rules.setdefault(match["name"], " ".join(match["body"].split()))
uses = {
    name: sorted({word for word in re.findall(r"[a-z_]{3,}", body) if word in rules})
    for name, body in rules.items()
}


def reach(start):
    seen, todo = set(), [start]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += uses.get(name, [])
    return seen


widest = sorted(rules, key=lambda name: (-len(reach(name)), name))[:5]
print(len(rules), "rules; the widest:", widest)
{"rules": rules, "widest": {name: len(reach(name)) for name in widest}}
