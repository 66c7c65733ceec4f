# what: makes a zip archive
import zipfile

zipfile.ZipFile(MARKER_PATH, "w").close()
