# what: fills a socket's buffers and goes on
# expect: TIMEOUT
import socket

a, b = socket.socketpair()
while True:
    a.sendall(bytes(100000))
