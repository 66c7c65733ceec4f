# what: makes a file with open()
open(MARKER_PATH, "w").write("x")
