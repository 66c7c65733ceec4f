# what: listens with socketserver
import socketserver

server = socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler)
{"escaped": server.server_address[1] > 0, "proof": "port"}
