# what: reads the clock from a log record
# levels: STRICT
import logging

{"escaped": logging.makeLogRecord({}).created > 1e9 and logging.LogRecord("x", 1, "x", 1, "", None, None).created > 1e9, "proof": "time"}
