# what: has logging set up with a file by a dictionary
import logging.config

logging.config.dictConfig(
    {
        "version": 1,
        "handlers": {"h": {"class": "logging.FileHandler", "filename": MARKER_PATH}},
        "root": {"handlers": ["h"]},
    }
)
