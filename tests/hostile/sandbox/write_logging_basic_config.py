# what: has logging set up with a file
import logging

logging.basicConfig(filename=MARKER_PATH, force=True)
logging.error("x")
