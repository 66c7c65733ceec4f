# what: asks socket for the host's name
import socket

{"escaped": bool(socket.gethostname()), "proof": "name"}
