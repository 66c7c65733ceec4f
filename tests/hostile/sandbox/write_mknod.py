# what: makes a file with os.mknod()
import os

os.mknod(MARKER_PATH)
