# what: takes its caller's frame from a coroutine that runs
found = []


async def coroutine():
    found.append(c.cr_frame.f_back.f_back)


c = coroutine()
try:
    c.send(None)
except StopIteration:
    pass
{"escaped": found[0].f_globals is not globals(), "proof": "f_globals"}
