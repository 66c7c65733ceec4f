# what: changes a file's times
import os

os.utime(VICTIM_PATH, (1, 1))
