# what: runs a file as a module
import runpy

runpy.run_path(CANARY_DIR + "/canary_module.py")["VALUE"]
