# what: reads from a zip archive
import zipfile

zipfile.ZipFile(CANARY_DIR + "/canary.zip").read("canary.txt")
