# what: makes a file with os.open()
import os

os.close(os.open(MARKER_PATH, os.O_CREAT | os.O_WRONLY))
