# what: makes a file that must not be there yet
open(MARKER_PATH, "x").close()
