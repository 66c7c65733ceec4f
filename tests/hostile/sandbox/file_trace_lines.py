# what: has the executable lines of a file found
import trace

trace._find_executable_linenos(CANARY_DIR + "/canary_module.py") and TOKEN
