# what: runs a command with os.popen()
import os

os.popen("cat " + CANARY_PATH).read()
