# what: resolves a name
import socket

{"escaped": bool(socket.getaddrinfo("localhost", 80)), "proof": "addresses"}
