# what: takes a frame from a future's exception
import asyncio


async def failing():
    1 / 0


task = asyncio.ensure_future(failing())
await asyncio.wait([task])
{"escaped": task.exception().__traceback__.tb_frame.f_globals is not None, "proof": "f_globals"}
