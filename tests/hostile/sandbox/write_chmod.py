# what: opens a file to everybody
import os

os.chmod(VICTIM_PATH, 0o666)
