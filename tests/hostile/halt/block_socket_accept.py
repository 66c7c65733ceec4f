# what: accepts on a local socket that nobody knows
# expect: TIMEOUT
import socket

s = socket.socket(socket.AF_UNIX)
s.bind("")
s.listen()
s.accept()
