# what: reads a table of dbm.dumb
import dbm.dumb

dbm.dumb.open(CANARY_DIR + "/canary_dumb", "r")["canary"]
