# what: makes a socket of a descriptor
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
t = socket.fromfd(s.fileno(), socket.AF_INET, socket.SOCK_STREAM)
t.connect(("127.0.0.1", TCP_PORT))
t.recv(200)
