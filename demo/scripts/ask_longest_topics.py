# title: "Which topics are the longest?" answered with tools
# kind: llm
import json

names = call_tool("list_topics", {})
wanted = [name for name in names if name.startswith(("t", "s", "c"))][:20]
sizes = {}
for name in wanted:
    text = call_tool("lookup_topic", {"topic": name})
    sizes[name] = len(text.split())
ranking = sorted(sizes, key=lambda name: (-sizes[name], name))
answer = {"question": "longest topics", "ranking": ranking[:5], "words": sizes[ranking[0]]}
print(json.dumps(answer, indent=2))
answer
