# what: reads a file with os.open() and os.read()
import os

os.read(os.open(CANARY_PATH, os.O_RDONLY), 100)
