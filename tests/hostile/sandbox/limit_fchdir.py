# what: changes the working directory by a descriptor
import os

os.fchdir(os.open("/", os.O_RDONLY))
