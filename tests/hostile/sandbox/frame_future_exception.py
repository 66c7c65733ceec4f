# what: takes a frame from a future's exception
import asyncio


async def failing():
    1 / 0


task = asyncio.ensure_future(failing())
await asyncio.wait([task])
{"escaped": "__builtins__" in task.exception().__traceback__.tb_frame.f_globals, "proof": "f_globals"}
