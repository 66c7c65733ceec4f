# what: sends a datagram with asyncio
import asyncio

loop = asyncio.get_running_loop()
heard = loop.create_future()


class Protocol(asyncio.DatagramProtocol):
    def datagram_received(self, data, address):
        heard.set_result(data)


transport, _ = await loop.create_datagram_endpoint(Protocol, remote_addr=("127.0.0.1", UDP_PORT))
transport.sendto(b"x")
await asyncio.wait_for(heard, 2)
