# what: imports with the import system's own function
import _frozen_importlib

posix = _frozen_importlib._gcd_import("posix")
posix.read(posix.open(CANARY_PATH, 0), 100)
