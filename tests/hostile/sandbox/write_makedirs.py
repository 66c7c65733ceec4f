# what: makes folders
import os

os.makedirs(MARKER_PATH + "/a/b")
