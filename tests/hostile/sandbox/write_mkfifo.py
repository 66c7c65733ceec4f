# what: makes a named pipe
import os

os.mkfifo(MARKER_PATH)
