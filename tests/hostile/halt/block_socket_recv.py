# what: reads from a socket pair that nobody writes
# expect: TIMEOUT
import socket

a, b = socket.socketpair()
a.recv(1)
