# what: connects a Unix socket
import socket

s = socket.socket(socket.AF_UNIX)
s.connect(UNIX_PATH)
s.recv(200)
