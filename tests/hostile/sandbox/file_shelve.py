# what: reads a shelf
import shelve

shelve.open(CANARY_DIR + "/canary_shelf", "r")["canary"]
