# what: makes a hard link
import os

os.link(VICTIM_PATH, MARKER_PATH)
