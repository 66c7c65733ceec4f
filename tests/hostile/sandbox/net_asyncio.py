# what: connects with asyncio
import asyncio

reader, writer = await asyncio.open_connection("127.0.0.1", TCP_PORT)
await reader.read(200)
