# what: makes a file longer
import os

os.posix_fallocate(os.open(VICTIM_PATH, os.O_WRONLY), 0, 100)
