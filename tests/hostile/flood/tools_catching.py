# what: calls a tool without end and catches whatever comes of it
while True:
    try:
        call_tool("add", {"a": 1, "b": 2})
    except BaseException:
        pass
