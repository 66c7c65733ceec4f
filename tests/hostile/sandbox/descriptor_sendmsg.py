# what: sends a descriptor of the host's to itself
import os
import socket

here, there = socket.socketpair(socket.AF_UNIX)
socket.send_fds(here, [b"x"], [CANARY_FD])
os.pread(socket.recv_fds(there, 1, 1)[1][0], 100, 0)
