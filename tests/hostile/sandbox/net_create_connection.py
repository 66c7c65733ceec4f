# what: connects with socket.create_connection()
import socket

socket.create_connection(("127.0.0.1", TCP_PORT)).recv(200)
