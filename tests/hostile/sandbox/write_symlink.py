# what: makes a symbolic link
import os

os.symlink("/", MARKER_PATH)
