# what: runs a command with os.system()
import os

os.system("echo >" + MARKER_PATH)
