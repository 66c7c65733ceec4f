# what: has logging format a function's globals
import io
import json
import logging

stream = io.StringIO()
handler = logging.StreamHandler(stream)
handler.setFormatter(logging.Formatter("{msg.__globals__[codecs]}", style="{"))
handler.emit(logging.LogRecord("x", 40, "x", 1, json.dumps, None, None))
{"escaped": "module 'codecs'" in stream.getvalue(), "proof": "module"}
