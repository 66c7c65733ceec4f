# what: has the import system list a folder
from importlib.machinery import FileFinder

finder = FileFinder(CANARY_DIR + "/names")
finder.find_spec("nothing")
sorted(finder._path_cache)
