# what: reaches importlib as inspect.importlib
import inspect

posix = inspect.importlib.import_module("posix")
posix.read(posix.open(CANARY_PATH, 0), 100)
