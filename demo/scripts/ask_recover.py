# title: An agent that recovers from the errors of its tools
# kind: llm
attempts = [
    ("lookup_topic", {"topic": "no such topic"}),
    ("lookup_topic", {"subject": "for"}),
    ("read_source", {"module": "../../etc/passwd"}),
    ("teleport", {}),
    ("lookup_topic", {"topic": "pass"}),
]
trace = []
for tool, args in attempts:
    try:
        answer = call_tool(tool, args)
    except ToolError:
        trace.append((tool, sorted(args), "refused"))
        print(f"{tool}: refused, trying something else")
    else:
        trace.append((tool, sorted(args), "answered"))
        print(answer.splitlines()[0])
        break
trace
