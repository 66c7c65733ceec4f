# what: starts a process
import os

pid = os.posix_spawn("/bin/sh", ["sh", "-c", "echo >" + MARKER_PATH], {})
os.waitpid(pid, 0)
