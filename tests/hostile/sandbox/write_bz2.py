# what: makes a bzip2 file
import bz2

bz2.BZ2File(MARKER_PATH, "w").close()
