# what: reads from a descriptor of the host's
import os

os.read(CANARY_FD, 100)
