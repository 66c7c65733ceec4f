# what: imports with a finder of its own for a folder
from importlib.machinery import FileFinder, SourceFileLoader

finder = FileFinder(CANARY_DIR, (SourceFileLoader, [".py"]))
finder.find_spec("canary_module").loader.load_module("canary_module").VALUE
