# what: walks through a folder
import os

list(os.walk(CANARY_DIR + "/names"))
