# what: has logging move a file aside
import logging.handlers

handler = logging.handlers.RotatingFileHandler(VICTIM_PATH, maxBytes=1, backupCount=1)
handler.emit(logging.LogRecord("x", 40, "x", 1, "text", None, None))
