# what: large texts, many objects, deep ones, small ones and prints in turn, each kind within its own limits
# fewest: 5
text = {"text": "x" * (1 << 19)}
wide = {"text": "\u20ac" * (1 << 17)}
many = {"numbers": list(range(20_000))}
deep = []
for _ in range(100):
    deep = [deep]
while True:
    for arguments in (text, many, {}, wide, {"deep": deep}):
        try:
            call_tool("ignore", arguments)
            print("x" * 200)
        except BaseException:
            pass
