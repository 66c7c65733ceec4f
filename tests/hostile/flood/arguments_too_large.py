# what: arguments that are larger than a message may be, and never any that are not
# fewest: 0
large = {"text": "x" * (3 << 20)}
while True:
    try:
        call_tool("ignore", large)
    except BaseException:
        pass
