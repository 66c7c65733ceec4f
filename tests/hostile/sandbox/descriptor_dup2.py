# what: puts another file in the place of the host's standard output
import os

os.dup2(CANARY_FD, 1)
