# what: has a loop run a function in its executor
import asyncio
import threading

there = await asyncio.get_running_loop().run_in_executor(None, threading.get_ident)
{"escaped": there != threading.get_ident(), "proof": "ran"}
