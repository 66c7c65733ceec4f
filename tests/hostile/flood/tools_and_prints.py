# what: calls and prints in turn, each less often than its own limit
while True:
    try:
        print(call_tool("add", {"a": 1, "b": 2}))
    except BaseException:
        pass
