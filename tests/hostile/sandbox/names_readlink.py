# what: reads a symbolic link
import os

os.readlink(CANARY_DIR + "/canary.link")
