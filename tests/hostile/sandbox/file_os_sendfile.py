# what: has the kernel copy a file into a socket
import os
import socket

here, there = socket.socketpair()
os.sendfile(there.fileno(), os.open(CANARY_PATH, os.O_RDONLY), 0, 100)
here.recv(100)
