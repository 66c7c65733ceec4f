# what: imports with importlib
import importlib

posix = importlib.import_module("posix")
posix.read(posix.open(CANARY_PATH, 0), 100)
