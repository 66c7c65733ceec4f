# what: arguments that are nested deeper than what may cross, then some that just cross
deep = []
for _ in range(100_000):
    deep = [deep]
fits = []
for _ in range(150):
    fits = [fits]
while True:
    for arguments in ({"deep": deep}, {"fits": fits}):
        try:
            call_tool("ignore", arguments)
        except ToolError:
            pass
