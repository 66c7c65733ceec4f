# what: walks through a folder by descriptors
import os

[files for _, _, files, _ in os.fwalk(CANARY_DIR + "/names")]
