# what: changes the mask of new files
import os

os.umask(0)
