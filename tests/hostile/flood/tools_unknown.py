# what: calls tools that do not exist, each under another name
n = 0
while True:
    n += 1
    try:
        call_tool(f"tool {n}", {"n": n})
    except ToolError:
        pass
