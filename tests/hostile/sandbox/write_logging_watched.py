# what: logs into a file that is watched
import logging.handlers

logging.handlers.WatchedFileHandler(MARKER_PATH).close()
