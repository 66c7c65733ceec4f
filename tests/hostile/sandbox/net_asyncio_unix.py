# what: connects a Unix socket with asyncio
import asyncio

reader, writer = await asyncio.open_unix_connection(UNIX_PATH)
await reader.read(200)
