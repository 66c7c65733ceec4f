# what: listens
import socket

{"escaped": socket.create_server(("127.0.0.1", 0)).getsockname()[1] > 0, "proof": "port"}
