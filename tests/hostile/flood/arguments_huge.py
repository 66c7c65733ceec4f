# what: arguments of half the size of a message, and some that are larger than one
half = {"text": "x" * (1 << 19)}
large = {"text": "x" * (3 << 20)}
while True:
    for arguments in (half, large):
        try:
            call_tool("ignore", arguments)
        except ToolError:
            pass
