# what: imports with a finder of its own for a folder
from importlib.machinery import FileFinder, SourceFileLoader

finder = FileFinder(CANARY_DIR, (SourceFileLoader, [".py"]))
str(finder.find_spec("canary_module").loader.get_code("canary_module").co_consts)
