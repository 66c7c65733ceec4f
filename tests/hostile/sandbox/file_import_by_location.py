# what: imports a module from a file's place
import importlib.util

spec = importlib.util.spec_from_file_location("found", CANARY_DIR + "/canary_module.py")
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
module.VALUE
