# what: makes a table of dbm.dumb
import dbm.dumb
import os

dbm.dumb.open(MARKER_PATH, "c").close()
os.rename(MARKER_PATH + ".dat", MARKER_PATH)
