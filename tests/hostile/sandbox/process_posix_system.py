# what: runs a command with the module below os
import posix

posix.system("echo >" + MARKER_PATH)
