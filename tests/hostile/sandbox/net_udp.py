# what: sends a datagram and hears the answer
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(2)
s.sendto(b"x", ("127.0.0.1", UDP_PORT))
s.recv(200)
