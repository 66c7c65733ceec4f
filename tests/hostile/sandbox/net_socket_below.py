# what: connects with the module below socket
import _socket

s = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
s.connect(("127.0.0.1", TCP_PORT))
s.recv(200)
