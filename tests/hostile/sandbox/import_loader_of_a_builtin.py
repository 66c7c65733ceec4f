# what: imports with the loader that a built-in module carries
import time

importer = type(time.__spec__).__init__.__globals__["BuiltinImporter"]
posix = importer.create_module(importer.find_spec("posix"))
importer.exec_module(posix)
posix.read(posix.open(CANARY_PATH, 0), 100)
