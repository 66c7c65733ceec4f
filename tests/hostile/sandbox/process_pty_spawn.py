# what: starts a process in a terminal
import pty

pty.spawn(["sh", "-c", "echo >" + MARKER_PATH], lambda fd: __import__("os").read(fd, 100), lambda fd: b"")
