# what: connects a socket
import socket

s = socket.socket()
s.connect(("127.0.0.1", TCP_PORT))
s.recv(200)
