# what: packs a folder into an archive
import shutil

shutil.copyfile(shutil.make_archive(MARKER_PATH, "tar", CANARY_DIR), MARKER_PATH)
