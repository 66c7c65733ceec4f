# what: makes a gzip file
import gzip

gzip.open(MARKER_PATH, "w").close()
