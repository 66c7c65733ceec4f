# what: connects with the socket module that asyncio has loaded
import asyncio

s = asyncio.base_events.socket.socket()
s.connect(("127.0.0.1", TCP_PORT))
s.recv(200)
