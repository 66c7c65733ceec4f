# what: imports with the importer of built-in modules
from importlib.machinery import BuiltinImporter

posix = BuiltinImporter.create_module(BuiltinImporter.find_spec("posix"))
BuiltinImporter.exec_module(posix)
posix.read(posix.open(CANARY_PATH, 0), 100)
