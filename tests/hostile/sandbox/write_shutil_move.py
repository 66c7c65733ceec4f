# what: moves a file with shutil
import shutil

shutil.move(VICTIM_PATH, MARKER_PATH)
