# what: arguments that are cheap to send and dear to receive: sets, dicts and lists with next to nothing in them
# fewest: 2
many = {"values": [[set(), {"a": 1}, [1]] for _ in range(10_000)]}
while True:
    try:
        call_tool("ignore", many)
    except BaseException:
        pass
