# what: waits for a datagram
# expect: TIMEOUT
import socket

s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind("")
s.recvfrom(100)
