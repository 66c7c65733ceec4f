# what: logs into a socket
import logging.handlers

handler = logging.handlers.SocketHandler("127.0.0.1", TCP_PORT)
handler.emit(logging.LogRecord("x", 40, "x", 1, "text", None, None))
handler.sock.recv(200)
