# what: arguments that become as many objects as a message can hold
# fewest: 2
many = {"numbers": [n % 100 for n in range(400_000)]}
while True:
    try:
        call_tool("ignore", many)
    except BaseException:
        pass
