# what: takes a frame from what a loop's handler is given
import asyncio

found = []
loop = asyncio.get_running_loop()
loop.set_exception_handler(lambda _, context: found.append(context["exception"].__traceback__.tb_frame))
loop.call_soon(lambda: 1 / 0)
await asyncio.sleep(0.001)
{"escaped": found[0].f_back.f_globals is not globals(), "proof": "f_globals"}
