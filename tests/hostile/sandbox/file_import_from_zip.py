# what: imports from an archive put on sys.path
import sys

sys.path.insert(0, CANARY_DIR + "/canary.zip")
import canary_zipped

canary_zipped.VALUE
