# what: makes a folder
import os

os.mkdir(MARKER_PATH)
