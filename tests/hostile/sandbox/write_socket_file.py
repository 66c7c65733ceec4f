# what: makes a socket in the file system
import socket

socket.socket(socket.AF_UNIX).bind(MARKER_PATH)
