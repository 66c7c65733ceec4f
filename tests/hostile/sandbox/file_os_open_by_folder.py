# what: reads a file by its name in a folder's descriptor
import os

folder = os.open(CANARY_DIR, os.O_RDONLY | os.O_DIRECTORY)
os.read(os.open("canary.txt", os.O_RDONLY, dir_fd=folder), 100)
