# what: takes its caller's frame from an asynchronous generator
async def generator():
    yield a.ag_frame.f_back.f_back


a = generator()
try:
    a.__anext__().send(None)
except StopIteration as stop:
    frame = stop.value
{"escaped": frame.f_globals is not globals(), "proof": "f_globals"}
