# what: reads a file with os.fdopen()
import os

os.fdopen(os.open(CANARY_PATH, os.O_RDONLY)).read()
