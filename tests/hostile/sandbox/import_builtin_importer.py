# what: imports with the importer of built-in modules
from importlib.machinery import BuiltinImporter

posix = BuiltinImporter.load_module("posix")
posix.read(posix.open(CANARY_PATH, 0), 100)
