# what: logs into a file
import logging

logging.FileHandler(MARKER_PATH).close()
