# what: has logging call a function by its name
import logging.config

logging.config.dictConfig(
    {"version": 1, "handlers": {"h": {"()": "posix.mkdir", "path": MARKER_PATH}}, "root": {"handlers": ["h"]}}
)
