# what: imports with a loader that waits
import importlib.util
import sys

spec = importlib.util.find_spec("shutil")
loader = importlib.util.LazyLoader(spec.loader)
spec.loader = loader
module = importlib.util.module_from_spec(spec)
loader.exec_module(module)
module.copyfile(CANARY_PATH, MARKER_PATH)
