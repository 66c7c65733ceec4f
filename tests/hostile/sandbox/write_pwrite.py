# what: writes into a file
import os

os.pwrite(os.open(VICTIM_PATH, os.O_WRONLY), b"X", 0)
