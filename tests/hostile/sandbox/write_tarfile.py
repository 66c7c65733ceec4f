# what: makes a tar archive
import tarfile

tarfile.open(MARKER_PATH, "w").close()
