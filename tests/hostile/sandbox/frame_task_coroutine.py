# what: takes the coroutine that the runtime runs
import asyncio

outer = asyncio.current_task().get_coro()
await asyncio.sleep(0)
{"escaped": outer.cr_frame.f_globals is not None, "proof": "f_globals"}
