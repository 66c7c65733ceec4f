# what: empties a file
import os

os.truncate(VICTIM_PATH, 0)
