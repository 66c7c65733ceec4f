# title: Outline of the topics from their underlined headings
# kind: user
# data: docs = topics
import re

LEVELS = "*=-^~"
HEADING = re.compile(r"^(?P<title>[^\n]+)\n(?P<line>([*=\-^~])\3{2,})$", re.MULTILINE)
outline = []
for name, text in docs.items():
    for match in HEADING.finditer(text):
        if len(match["line"]) >= len(match["title"]):
            outline.append((name, LEVELS.index(match["line"][0]), match["title"]))
for name, level, title in outline[:20]:
    print("  " * level + title)
return {"headings": len(outline), "deepest": max(level for _, level, _ in outline), "all": outline}
