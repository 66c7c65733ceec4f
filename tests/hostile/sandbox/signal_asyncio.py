# what: installs a handler with asyncio
import asyncio
import signal

asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, print)
{"escaped": await asyncio.sleep(0, True), "proof": "installed"}
