# what: moves a file away
import os

os.rename(VICTIM_PATH, MARKER_PATH)
