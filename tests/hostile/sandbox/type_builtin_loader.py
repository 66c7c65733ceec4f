# what: takes the loader of the module that a built-in function belongs to
posix = len.__self__.__spec__.loader.load_module("posix")
posix.read(posix.open(CANARY_PATH, 0), 100)
