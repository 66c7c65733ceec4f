# what: arguments that are nested deeper than what may cross, and never any that may
# fewest: 0
deep = []
for _ in range(100_000):
    deep = [deep]
while True:
    try:
        call_tool("ignore", {"deep": deep})
    except BaseException:
        pass
