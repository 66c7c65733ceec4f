# what: an import that imports itself through a hook, caught and repeated
# expect: TIMEOUT
import importlib
import sys


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.startswith("deep"):
            importlib.import_module(name + "x")


sys.meta_path.insert(0, Finder)
while True:
    try:
        importlib.import_module("deep")
    except (ImportError, RecursionError):
        pass
