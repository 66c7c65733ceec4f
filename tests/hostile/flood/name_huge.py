# what: names of tools as long as memory allows, and some that are no names
name = "x" * (8 << 20)
while True:
    for wrong in (name, "", "\ud800", "a\0b"):
        try:
            call_tool(wrong, {})
        except BaseException:
            pass
