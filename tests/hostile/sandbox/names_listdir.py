# what: lists a folder
import os

os.listdir(CANARY_DIR + "/names")
