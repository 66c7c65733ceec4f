# what: has bytecode written
import py_compile

py_compile.compile(CANARY_DIR + "/canary_module.py", cfile=MARKER_PATH)
