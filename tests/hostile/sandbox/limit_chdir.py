# what: changes the working directory
import os

os.chdir("/")
