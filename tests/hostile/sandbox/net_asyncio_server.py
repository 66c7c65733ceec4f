# what: listens with asyncio
import asyncio

server = await asyncio.start_server(lambda r, w: None, "127.0.0.1", 0)
{"escaped": len(server.sockets) > 0, "proof": "port"}
