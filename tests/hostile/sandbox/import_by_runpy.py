# what: runs a module by its name
import runpy

runpy.run_module("genericpath")["os"].listdir(CANARY_DIR + "/names")
