# what: logs to what it says is the system's log
import logging.handlers

handler = logging.handlers.SysLogHandler(("127.0.0.1", UDP_PORT))
handler.emit(logging.LogRecord("x", 40, "x", 1, "text", None, None))
handler.socket.settimeout(2)
handler.socket.recv(200)
