# what: asks whether a port is open
import socket

{"escaped": socket.socket().connect_ex(("127.0.0.1", TCP_PORT)) == 0, "proof": "open"}
