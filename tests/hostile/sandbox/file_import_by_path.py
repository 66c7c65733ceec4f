# what: imports from a folder put on sys.path
import sys

sys.path.insert(0, CANARY_DIR)
import canary_module

canary_module.VALUE
