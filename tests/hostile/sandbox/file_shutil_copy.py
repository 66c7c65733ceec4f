# what: copies a file
import shutil

shutil.copyfile(CANARY_PATH, MARKER_PATH)
