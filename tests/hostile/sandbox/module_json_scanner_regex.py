# what: reaches a module by a function's module name
import json
import sys

posix = sys.modules[type(json.decoder.scanstring).__module__].__import__("posix")
posix.read(posix.open(CANARY_PATH, 0), 100)
