# what: takes a frame from a task
import asyncio

await asyncio.sleep(0)
frames = asyncio.current_task().get_stack()
{"escaped": bool(frames) and "__builtins__" in frames[0].f_globals, "proof": "f_globals"}
