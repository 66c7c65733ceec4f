# what: has the kernel copy a file into another
import os

os.copy_file_range(os.open(CANARY_PATH, os.O_RDONLY), os.open(VICTIM_PATH, os.O_WRONLY), 10)
