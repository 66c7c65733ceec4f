# what: starts a process with os.spawnv()
import os

os.spawnv(os.P_WAIT, "/bin/sh", ["sh", "-c", "echo >" + MARKER_PATH])
