# what: has asyncio run a function in a thread
import asyncio
import threading

here = threading.get_ident()
there = await asyncio.to_thread(threading.get_ident)
{"escaped": here != there, "proof": "ran"}
