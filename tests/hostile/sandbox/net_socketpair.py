# what: makes a pair of sockets
import socket

here, there = socket.socketpair()
there.send(b"x")
{"escaped": here.recv(1) == b"x", "proof": "socketpair"}
