# what: becomes another program by the search path
import os

os.execvpe("sh", ["sh", "-c", "echo >" + MARKER_PATH], {"PATH": "/bin:/usr/bin"})
