# what: becomes another program
import os

os.execv("/bin/sh", ["sh", "-c", "echo >" + MARKER_PATH])
