# what: starts a process by the search path
import os

pid = os.posix_spawnp("sh", ["sh", "-c", "echo >" + MARKER_PATH], {})
os.waitpid(pid, 0)
