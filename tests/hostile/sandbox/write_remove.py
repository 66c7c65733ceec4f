# what: deletes a file
import os

os.remove(VICTIM_PATH)
