# what: has a script's imports analysed
import modulefinder

finder = modulefinder.ModuleFinder([CANARY_DIR])
finder.run_script(CANARY_DIR + "/canary_module.py")
str(finder.modules["__main__"].__code__.co_consts)
