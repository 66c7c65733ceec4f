# what: logs into a datagram socket
import logging.handlers

handler = logging.handlers.DatagramHandler("127.0.0.1", UDP_PORT)
handler.emit(logging.LogRecord("x", 40, "x", 1, "text", None, None))
handler.sock.settimeout(2)
handler.sock.recv(200)
