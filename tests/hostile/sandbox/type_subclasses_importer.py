# what: finds an importer among the subclasses of object
importer = next(c for c in object.__subclasses__() if c.__name__ == "BuiltinImporter")
posix = importer.load_module("posix")
posix.read(posix.open(CANARY_PATH, 0), 100)
